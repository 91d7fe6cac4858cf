/* A sigma program whose nodes are circles, squares, diamonds or triangles: groups are told apart without their colours. */
import { NodeProgram, type ProgramInfo } from "sigma/rendering";
import type { NodeDisplayData, RenderParams } from "sigma/types";
import { floatColor } from "sigma/utils";
import type { Shape } from "../pictures/mark";

const SHAPES: readonly Shape[] = ["circle", "square", "diamond", "triangle"];
const UNIFORMS = ["u_sizeRatio", "u_correctionRatio", "u_matrix"] as const;
const THIRD = (2 * Math.PI) / 3;

/* Each node is one triangle around its place; the fragment shader keeps the part that lies inside the shape. */
const VERTEX = `
attribute vec4 a_id; attribute vec4 a_color; attribute vec2 a_position; attribute float a_size; attribute float a_shape; attribute float a_angle;
uniform mat3 u_matrix; uniform float u_sizeRatio; uniform float u_correctionRatio;
varying vec4 v_color; varying vec2 v_at; varying float v_radius; varying float v_shape; varying float v_border;
void main() {
  float size = a_size * u_correctionRatio / u_sizeRatio * 5.0;
  vec2 at = size * vec2(cos(a_angle), sin(a_angle));
  gl_Position = vec4((u_matrix * vec3(a_position + at, 1)).xy, 0, 1);
  v_at = at; v_radius = size * 0.4; v_shape = a_shape; v_border = u_correctionRatio;
  #ifdef PICKING_MODE
  v_color = a_id;
  #else
  v_color = a_color;
  #endif
  v_color.a *= 255.0 / 254.0;
}`;
const FRAGMENT = `
precision highp float;
varying vec4 v_color; varying vec2 v_at; varying float v_radius; varying float v_shape; varying float v_border;
void main(void) {
  vec2 p = v_at; float r = v_radius; float d;
  if (v_shape < 0.5) d = length(p) - r;
  else if (v_shape < 1.5) d = max(abs(p.x), abs(p.y)) - r * 0.88;
  else if (v_shape < 2.5) d = (abs(p.x) + abs(p.y)) * 0.7071 - r * 0.83;
  else d = max(abs(p.x) * 0.866 + p.y * 0.5, -p.y) - r * 0.62;
  #ifdef PICKING_MODE
  if (d > 0.0) discard;
  gl_FragColor = v_color;
  #else
  gl_FragColor = mix(v_color, vec4(0.0), smoothstep(-v_border, v_border, d));
  #endif
}`;

const gl = WebGLRenderingContext;

export class ShapeProgram extends NodeProgram<(typeof UNIFORMS)[number]> {
  getDefinition() {
    const bytes = { size: 4, type: gl.UNSIGNED_BYTE, normalized: true };
    return {
      VERTICES: 3, VERTEX_SHADER_SOURCE: VERTEX, FRAGMENT_SHADER_SOURCE: FRAGMENT, METHOD: gl.TRIANGLES as 4, UNIFORMS,
      ATTRIBUTES: [
        { name: "a_position", size: 2, type: gl.FLOAT }, { name: "a_size", size: 1, type: gl.FLOAT }, { name: "a_shape", size: 1, type: gl.FLOAT },
        { name: "a_color", ...bytes }, { name: "a_id", ...bytes },
      ],
      CONSTANT_ATTRIBUTES: [{ name: "a_angle", size: 1, type: gl.FLOAT }],
      CONSTANT_DATA: [[Math.PI / 2], [Math.PI / 2 + THIRD], [Math.PI / 2 + 2 * THIRD]],
    };
  }

  processVisibleItem(index: number, start: number, data: NodeDisplayData): void {
    const shape = SHAPES.indexOf((data as NodeDisplayData & { shape?: Shape }).shape ?? "circle");
    this.array.set([data.x, data.y, data.size, shape, floatColor(data.color), index], start);
  }

  setUniforms({ correctionRatio, sizeRatio, matrix }: RenderParams, { gl: context, uniformLocations: at }: ProgramInfo): void {
    context.uniform1f(at.u_correctionRatio!, correctionRatio);
    context.uniform1f(at.u_sizeRatio!, sizeRatio);
    context.uniformMatrix3fv(at.u_matrix!, false, matrix);
  }
}
