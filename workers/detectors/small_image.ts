/**
 * Which pixels of a frame make up the small image that detectors look at, and with what weights.
 */

/** How one axis of the small image is read: two source positions per output position, weights out of 2048. */
interface Axis {
  first: Int32Array
  second: Int32Array
  firstWeight: Int32Array
  secondWeight: Int32Array
}

export interface SmallImage {
  width: number
  height: number
  /** `copy`: as it is. `average`: 2 by 2 pixels become one. `linear`: weighted by the axes. */
  rule: 'copy' | 'average' | 'linear'
  x: Axis
  y: Axis
}

/**
 * Plans the small image of a picture of `width` by `height` pixels as shown: its longer side becomes 256
 * where it is longer than that. Sizes, positions and weights are those of PySceneDetect 0.7's automatic
 * downscale and of OpenCV's `resize` with INTER_LINEAR on 8 bits (which averages at exactly 2:1).
 */
export function planSmallImage(width: number, height: number): SmallImage {
  const factor = Math.max(width, height) / 256
  const [w, h] = factor > 1 ? [shrink(width, factor), shrink(height, factor)] : [width, height]
  const rule = factor <= 1 ? 'copy' : width === 2 * w && height === 2 * h ? 'average' : 'linear'
  const axis = rule === 'average' ? pairs : linear
  return { width: w, height: h, rule, x: axis(width, w), y: axis(height, h) }
}

const shrink = (side: number, factor: number) => Math.max(1, roundHalfEven(side / factor))

/** Rounds as Python's `round` and IEEE 754's default do: a half goes to the even neighbour. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1
  return floor % 2 === 0 ? floor : floor + 1
}

function pairs(_source: number, size: number): Axis {
  const axis = emptyAxis(size)
  for (let i = 0; i < size; i++) {
    axis.first[i] = 2 * i
    axis.second[i] = 2 * i + 1
  }
  return axis
}

/** OpenCV computes positions in single precision, and weights in 1/2048. */
function linear(source: number, size: number): Axis {
  const axis = emptyAxis(size)
  const scale = 1 / (size / source)
  for (let i = 0; i < size; i++) {
    const exact = Math.fround((i + 0.5) * scale - 0.5)
    const inside = Math.min(Math.max(Math.floor(exact), 0), source - 1)
    const isEdge = exact < 0 || inside === source - 1
    const weight = isEdge ? 0 : Math.fround(exact - inside)
    axis.first[i] = inside
    axis.second[i] = Math.min(inside + 1, source - 1)
    axis.firstWeight[i] = roundHalfEven(Math.fround(1 - weight) * 2048)
    axis.secondWeight[i] = roundHalfEven(weight * 2048)
  }
  return axis
}

const emptyAxis = (size: number): Axis => ({
  first: new Int32Array(size),
  second: new Int32Array(size),
  firstWeight: new Int32Array(size),
  secondWeight: new Int32Array(size),
})
