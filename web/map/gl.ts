/** The few pieces of WebGL 2 that the fleet is drawn with. */

export type Uniforms = Record<string, WebGLUniformLocation | null>;

export interface Program {
  program: WebGLProgram;
  at: Uniforms;
}

/** A program with the places of its uniforms. On a lost context it is made all the same, and draws nothing. */
export function makeProgram(gl: WebGL2RenderingContext, vertex: string, fragment: string, names: string[]): Program {
  const program = gl.createProgram();
  for (const [type, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]] as const) {
    const shader = gl.createShader(type)!;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
    throw new Error(`the fleet's shader does not link: ${gl.getProgramInfoLog(program)}`);
  }
  return { program, at: Object.fromEntries(names.map((name) => [name, gl.getUniformLocation(program, name)])) };
}

export function bind(gl: WebGL2RenderingContext, unit: number, texture: WebGLTexture, at: WebGLUniformLocation | null): void {
  gl.activeTexture(gl.TEXTURE0 + unit);
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.uniform1i(at, unit);
}

const ROW_BITS = 10;
/** How a vertex shader takes row `i` of a `Table`. */
export const ROW = `
vec4 row(sampler2D t, int i) { return texelFetch(t, ivec2(i & ${(1 << ROW_BITS) - 1}, i >> ${ROW_BITS}), 0); }`;

/** A row of four values for each line or vessel, in memory of the card. */
export class Table {
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
  }

  free(): void {
    this.gl.deleteTexture(this.texture);
  }
}

/** Two triangles for each of many rows, by the numbers of their corners: corner `k` of row `i` is vertex
 * 4 i + k. */
export class Quads {
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
  }

  private grow(most: number): void {
    const { gl } = this;
    this.most = most;
    const out = new Uint32Array(6 * most);
    for (let i = 0; i < most; i++) {
      for (const [k, corner] of [0, 1, 2, 2, 1, 3].entries()) out[6 * i + k] = 4 * i + corner;
    }
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.indexes);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, out, gl.STATIC_DRAW);
  }
}

/** A picture in memory of the card as big as the canvas, that is drawn seldom and shown often. */
export class Sheet {
  readonly texture: WebGLTexture;
  private shown: WebGLFramebuffer;
  private drawn: WebGLFramebuffer;
  private store: WebGLRenderbuffer;
  private width = 0;
  private height = 0;

  /** `samples` a pixel where edges are smoothed, else 0. */
  constructor(private gl: WebGL2RenderingContext, private samples: number) {
    this.texture = gl.createTexture();
    this.shown = gl.createFramebuffer();
    this.drawn = gl.createFramebuffer();
    this.store = gl.createRenderbuffer();
  }

  /** Empties it and lets `draw` fill it. */
  fill(width: number, height: number, draw: () => void): void {
    const { gl } = this;
    if (width !== this.width || height !== this.height) this.resize(width, height);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.drawn);
    gl.clear(gl.COLOR_BUFFER_BIT);
    draw();
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, this.drawn);
    gl.bindFramebuffer(gl.DRAW_FRAMEBUFFER, this.shown);
    gl.blitFramebuffer(0, 0, width, height, 0, 0, width, height, gl.COLOR_BUFFER_BIT, gl.NEAREST);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  }

  private resize(width: number, height: number): void {
    const { gl } = this;
    this.width = width;
    this.height = height;
    gl.bindRenderbuffer(gl.RENDERBUFFER, this.store);
    gl.renderbufferStorageMultisample(gl.RENDERBUFFER, this.samples, gl.RGBA8, width, height);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.drawn);
    gl.framebufferRenderbuffer(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.RENDERBUFFER, this.store);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, width, height, 0, gl.RGBA, gl.UNSIGNED_BYTE, null);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.shown);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, this.texture, 0);
  }
}
