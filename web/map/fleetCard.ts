import { SHAPES, type Picture, type Segments } from "../client/picture.ts";
import { bind, makeProgram, Quads, ROW, Sheet, Table, type Program } from "./gl.ts";
import type { Sight } from "./sight.ts";

/** Draws the fleet with WebGL 2 alone. What an update gives goes up as it is, into textures from which the
 * vertex shader takes it: the corners of all lines are one list of triangles. deck.gl's line and icon
 * layers draw an instance a line, with a tangent and a logarithm for each corner. Where no graphics card
 * draws, an instance costs as much as a drawing of its own: seconds of processor time an update. */

const HEAD = `#version 300 es
precision highp float;
precision highp sampler2D;
uniform vec4 view; // place from the anchor to clip space: factors, then offsets
uniform vec2 screen; // CSS pixels
${ROW}`;

const LINES = `${HEAD}
uniform sampler2D line; // start, end
uniform sampler2D color;
uniform float width;
uniform vec4 one; // the colour of all lines where they have none of their own
out vec4 tint;
void main() {
  int i = gl_VertexID >> 2;
  vec4 l = row(line, i);
  vec2 a = l.xy * view.xy + view.zw;
  vec2 b = l.zw * view.xy + view.zw;
  vec2 way = (b - a) * screen;
  float size = length(way);
  vec2 across = size > 0.0 ? vec2(-way.y, way.x) / size : vec2(0.0);
  float side = (gl_VertexID & 2) == 0 ? -1.0 : 1.0;
  vec2 end = (gl_VertexID & 1) == 0 ? a : b;
  gl_Position = vec4(end + side * width * across / screen, 0.0, 1.0);
  tint = one.a > 0.0 ? one : row(color, i);
}`;
const PLAIN = `#version 300 es
precision mediump float;
in vec4 tint;
out vec4 pixel;
void main() { pixel = tint; }`;

const ICONS = `${HEAD}
uniform sampler2D icon; // place, turn, shape
uniform sampler2D color;
uniform float size;
out vec4 tint;
out vec2 at;
void main() {
  int i = gl_VertexID >> 2;
  vec4 p = row(icon, i);
  vec2 corner = vec2(gl_VertexID & 1, (gl_VertexID >> 1) & 1);
  vec2 q = (corner - 0.5) * size;
  float c = cos(p.z), s = sin(p.z);
  vec2 px = vec2(c * q.x - s * q.y, s * q.x + c * q.y); // y down, hence clockwise
  gl_Position = vec4(p.xy * view.xy + view.zw + 2.0 * vec2(px.x, -px.y) / screen, 0.0, 1.0);
  at = vec2((p.w + corner.x) / ${SHAPES.length}.0, corner.y);
  tint = row(color, i);
}`;
const GLYPH = `#version 300 es
precision mediump float;
uniform sampler2D atlas;
in vec4 tint;
in vec2 at;
out vec4 pixel;
void main() {
  float a = texture(atlas, at).a * tint.a;
  if (a < 0.02) discard;
  pixel = vec4(tint.rgb, a);
}`;

const WHOLE = `#version 300 es
void main() {
  gl_Position = vec4(2 * (gl_VertexID & 1) - 1, (gl_VertexID & 2) - 1, 0.0, 1.0);
}`;
const COPY = `#version 300 es
precision mediump float;
uniform sampler2D sheet;
out vec4 pixel;
void main() { pixel = texelFetch(sheet, ivec2(gl_FragCoord.xy), 0); }`;

/** Lines from the anchor, and where wished a colour for each. */
class LineSet {
  readonly lines: Table;
  readonly colors: Table;
  count = 0;

  constructor(gl: WebGL2RenderingContext) {
    this.lines = new Table(gl, true);
    this.colors = new Table(gl, false);
    this.colors.put(new Uint8Array(0));
  }

  put(lines: Segments, colors?: Uint8Array): void {
    this.count = lines.length / 4;
    this.lines.put(lines);
    if (colors) this.colors.put(colors);
  }

  free(): void {
    this.lines.free();
    this.colors.free();
  }
}

/** How the fleet is drawn; sizes in CSS pixels. */
export interface FleetLook {
  iconPx: number;
  scale: number;
  tailColor: number[];
  tails: boolean;
}

export class FleetCard {
  private lines: Program;
  private icons: Program;
  private copy: Program;
  private quads: Quads;
  private icon: Table;
  private color: Table;
  private vectors: LineSet;
  private head: LineSet;
  private atlas: WebGLTexture;
  private count = 0;
  private steps = new Map<Segments, LineSet>();
  private sheet: Sheet;
  private sheetShows = "";

  constructor(private gl: WebGL2RenderingContext, atlas: HTMLCanvasElement) {
    this.lines = makeProgram(gl, LINES, PLAIN, ["view", "screen", "line", "color", "width", "one"]);
    this.icons = makeProgram(gl, ICONS, GLYPH, ["view", "screen", "icon", "color", "size", "atlas"]);
    this.copy = makeProgram(gl, WHOLE, COPY, ["sheet"]);
    this.quads = new Quads(gl);
    this.icon = new Table(gl, true);
    this.color = new Table(gl, false);
    this.vectors = new LineSet(gl);
    this.head = new LineSet(gl);
    this.sheet = new Sheet(gl, gl.getContextAttributes()?.antialias ? 4 : 0);
    this.atlas = gl.createTexture();
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.atlas);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, atlas);
    gl.generateMipmap(gl.TEXTURE_2D);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR_MIPMAP_LINEAR);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    // The canvas is premultiplied.
    gl.blendFuncSeparate(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA, gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  putPicture(p: Picture): void {
    this.count = p.n;
    this.icon.put(p.icon);
    this.color.put(p.color);
    this.vectors.put(p.vectors, p.vectorColor);
    this.head.put(p.head);
  }

  /** The finished steps of the tails, oldest first. Each goes up once. */
  putTails(tails: readonly Segments[]): void {
    for (const [step, set] of this.steps) {
      if (tails.includes(step)) continue;
      set.free();
      this.steps.delete(step);
    }
    for (const step of tails) {
      if (this.steps.has(step)) continue;
      const set = new LineSet(this.gl);
      set.put(step);
      this.steps.set(step, set);
    }
    this.sheetShows = "";
  }

  draw(sight: Sight, { iconPx, scale, tailColor, tails }: FleetLook): void {
    const { gl } = this;
    gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
    gl.enable(gl.BLEND);
    if (tails) {
      this.fillSheet(sight, scale, tailColor);
      gl.disable(gl.BLEND);
      gl.useProgram(this.copy.program);
      bind(gl, 0, this.sheet.texture, this.copy.at.sheet!);
      this.quads.draw(1);
      gl.enable(gl.BLEND);
      this.drawLines(this.head, sight, scale, [...tailColor, 150]);
    } else gl.clear(gl.COLOR_BUFFER_BIT);
    this.drawLines(this.vectors, sight, 1.2 * scale, null);
    this.drawIcons(sight, iconPx);
  }

  /** The finished steps lie still while the chart does: most updates find them drawn. */
  private fillSheet(sight: Sight, scale: number, color: number[]): void {
    const { drawingBufferWidth: width, drawingBufferHeight: height } = this.gl;
    const shows = [sight.view, sight.screen, width, height, scale, color].join();
    if (shows === this.sheetShows) return;
    this.sheetShows = shows;
    this.sheet.fill(width, height, () => {
      let i = 0;
      for (const set of this.steps.values()) {
        const fade = 0.15 + (0.45 * ++i) / (this.steps.size + 1);
        this.drawLines(set, sight, scale, [...color, 255 * fade]);
      }
    });
  }

  /** Lines of one width. `color`: of all, 0 to 255; null: each has its own. */
  private drawLines(set: LineSet, sight: Sight, width: number, color: number[] | null): void {
    const { gl, lines: { at } } = this;
    if (set.count === 0) return;
    this.use(this.lines, sight);
    gl.uniform1f(at.width!, width);
    gl.uniform4fv(at.one!, color ? color.map((c) => c / 255) : [0, 0, 0, 0]);
    bind(gl, 0, set.lines.texture, at.line!);
    bind(gl, 1, set.colors.texture, at.color!);
    this.quads.draw(set.count);
  }

  private drawIcons(sight: Sight, iconPx: number): void {
    const { gl, icons: { at } } = this;
    if (this.count === 0) return;
    this.use(this.icons, sight);
    gl.uniform1f(at.size!, iconPx);
    bind(gl, 0, this.icon.texture, at.icon!);
    bind(gl, 1, this.color.texture, at.color!);
    bind(gl, 2, this.atlas, at.atlas!);
    this.quads.draw(this.count);
  }

  private use({ program, at }: Program, { view, screen }: Sight): void {
    this.gl.useProgram(program);
    this.gl.uniform4fv(at.view!, view);
    this.gl.uniform2fv(at.screen!, screen);
  }
}
