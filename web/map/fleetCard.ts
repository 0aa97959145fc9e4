import type { Sight } from "./sight.ts";

/** Draws the fleet with WebGL 2 alone. What an update gives goes up as it is, into textures from which the
 * vertex shader takes it: the corners of all lines are one list of triangles. deck.gl's line and icon
 * layers draw an instance a line, with a tangent and a logarithm for each corner. Where no graphics card
 * draws, an instance costs as much as a drawing of its own: seconds of processor time an update. */

const FETCH = `#version 300 es
precision highp float;
precision highp sampler2D;
uniform vec4 view; // place from the anchor to clip space: factors, then offsets
uniform vec2 screen; // CSS pixels
vec4 row(sampler2D t, int i) { return texelFetch(t, ivec2(i & 1023, i >> 10), 0); }
`;
const ROW_BITS = 10;

const LINES = `${FETCH}
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

const ICONS = `${FETCH}
uniform sampler2D icon; // place, turn, shape
uniform sampler2D color;
uniform float size;
uniform float shapes;
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
  at = vec2((p.w + corner.x) / shapes, corner.y);
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

function program(gl: WebGL2RenderingContext, vertex: string, fragment: string): WebGLProgram {
  const p = gl.createProgram();
  for (const [type, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]] as const) {
    const shader = gl.createShader(type)!;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(p, shader);
  }
  gl.linkProgram(p);
  if (!gl.getProgramParameter(p, gl.LINK_STATUS) && !gl.isContextLost()) {
    throw new Error(`the fleet's shader does not link: ${gl.getProgramInfoLog(p)}`);
  }
  return p;
}

type Uniforms = Record<string, WebGLUniformLocation | null>;
const uniforms = (gl: WebGL2RenderingContext, p: WebGLProgram, ...names: string[]): Uniforms =>
  Object.fromEntries(["view", "screen", "color", ...names].map((name) => [name, gl.getUniformLocation(p, name)]));

/** A row of four values for each line or vessel, in memory of the card. */
class Table {
  readonly texture: WebGLTexture;
  private rows = 0;

  constructor(private gl: WebGL2RenderingContext, private float: boolean) {
    this.texture = gl.createTexture();
  }

  put(values: Float32Array | Uint8Array): void {
    const { gl } = this;
    const count = values.length / 4;
    const across = 1 << ROW_BITS;
    const type = this.float ? gl.FLOAT : gl.UNSIGNED_BYTE;
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    const rows = Math.max(1, Math.ceil(count / across));
    if (rows > this.rows) {
      this.rows = rows;
      gl.texImage2D(gl.TEXTURE_2D, 0, this.float ? gl.RGBA32F : gl.RGBA8, across, rows, 0, gl.RGBA, type, null);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    }
    const whole = Math.floor(count / across);
    if (whole) gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, across, whole, gl.RGBA, type, values);
    const rest = count - whole * across;
    if (rest) gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, whole, rest, 1, gl.RGBA, type, values, 4 * whole * across);
    gl.bindTexture(gl.TEXTURE_2D, null);
  }

  bind(unit: number, at: WebGLUniformLocation | null): void {
    const { gl } = this;
    gl.activeTexture(gl.TEXTURE0 + unit);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.uniform1i(at, unit);
  }

  free(): void {
    this.gl.deleteTexture(this.texture);
  }
}

/** Two triangles for each of many rows, by the numbers of their corners. */
class Quads {
  private vao: WebGLVertexArrayObject;
  private indexes: WebGLBuffer;
  private most = 0;

  constructor(private gl: WebGL2RenderingContext) {
    this.vao = gl.createVertexArray();
    this.indexes = gl.createBuffer();
  }

  draw(count: number): void {
    const { gl } = this;
    gl.bindVertexArray(this.vao);
    if (count > this.most) this.grow(Math.ceil(1.25 * count));
    gl.drawElements(gl.TRIANGLES, 6 * count, gl.UNSIGNED_INT, 0);
    gl.bindVertexArray(null);
  }

  private grow(most: number): void {
    const { gl } = this;
    this.most = most;
    const out = new Uint32Array(6 * most);
    for (let i = 0; i < most; i++) out.set([4 * i, 4 * i + 1, 4 * i + 2, 4 * i + 2, 4 * i + 1, 4 * i + 3], 6 * i);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.indexes);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, out, gl.STATIC_DRAW);
  }

  free(): void {
    this.gl.deleteVertexArray(this.vao);
    this.gl.deleteBuffer(this.indexes);
  }
}

/** Lines from the anchor, and where wished a colour for each. */
export class LineSet {
  readonly lines: Table;
  readonly colors: Table;
  count = 0;

  constructor(gl: WebGL2RenderingContext) {
    this.lines = new Table(gl, true);
    this.colors = new Table(gl, false);
  }

  put(lines: Float32Array, colors: Uint8Array = new Uint8Array(0)): void {
    this.count = lines.length / 4;
    this.lines.put(lines);
    this.colors.put(colors);
  }

  free(): void {
    this.lines.free();
    this.colors.free();
  }
}

export class FleetCard {
  private lines: WebGLProgram;
  private icons: WebGLProgram;
  private lineAt: Uniforms;
  private iconAt: Uniforms;
  private quads: Quads;
  private icon: Table;
  private color: Table;
  private atlas: WebGLTexture;
  private count = 0;

  constructor(private gl: WebGL2RenderingContext, atlas: HTMLCanvasElement, private shapes: number) {
    this.lines = program(gl, LINES, PLAIN);
    this.icons = program(gl, ICONS, GLYPH);
    this.lineAt = uniforms(gl, this.lines, "line", "width", "one");
    this.iconAt = uniforms(gl, this.icons, "icon", "size", "shapes", "atlas");
    this.quads = new Quads(gl);
    this.icon = new Table(gl, true);
    this.color = new Table(gl, false);
    this.atlas = gl.createTexture();
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.atlas);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, atlas);
    gl.generateMipmap(gl.TEXTURE_2D);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR_MIPMAP_LINEAR);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    gl.bindTexture(gl.TEXTURE_2D, null);
  }

  lineSet(): LineSet {
    return new LineSet(this.gl);
  }

  put(icon: Float32Array, color: Uint8Array): void {
    this.count = icon.length / 4;
    this.icon.put(icon);
    this.color.put(color);
  }

  /** Lines of one width. `color`: of all, 0 to 255; null: each has its own. */
  drawLines(set: LineSet, sight: Sight, width: number, color: number[] | null): void {
    const { gl, lineAt: u } = this;
    if (set.count === 0) return;
    this.use(this.lines, u, sight);
    gl.uniform1f(u.width!, width);
    gl.uniform4fv(u.one!, color ? color.map((c) => c / 255) : [0, 0, 0, 0]);
    set.lines.bind(0, u.line!);
    set.colors.bind(1, u.color!);
    this.quads.draw(set.count);
    this.release(2);
  }

  drawIcons(sight: Sight, sizePx: number): void {
    const { gl, iconAt: u } = this;
    if (this.count === 0) return;
    this.use(this.icons, u, sight);
    gl.uniform1f(u.size!, sizePx);
    gl.uniform1f(u.shapes!, this.shapes);
    this.icon.bind(0, u.icon!);
    this.color.bind(1, u.color!);
    gl.activeTexture(gl.TEXTURE2);
    gl.bindTexture(gl.TEXTURE_2D, this.atlas);
    gl.uniform1i(u.atlas!, 2);
    this.quads.draw(this.count);
    this.release(3);
  }

  private use(p: WebGLProgram, u: Uniforms, { view, screen }: Sight): void {
    this.gl.useProgram(p);
    this.gl.uniform4fv(u.view!, view);
    this.gl.uniform2fv(u.screen!, screen);
  }

  private release(units: number): void {
    const { gl } = this;
    while (units-- > 0) {
      gl.activeTexture(gl.TEXTURE0 + units);
      gl.bindTexture(gl.TEXTURE_2D, null);
    }
  }

  free(): void {
    for (const p of [this.lines, this.icons]) this.gl.deleteProgram(p);
    for (const t of [this.icon, this.color, this.quads]) t.free();
    this.gl.deleteTexture(this.atlas);
  }
}
