/**
 * The constants of a cosine transform of sixteen numbers, to OpenCV's last bit.
 */

/** Real part, imaginary part. */
type Complex = readonly [number, number]

/**
 * Complex numbers in f32: e^(-2πik/16) for k from 0 to 7, then e^(-πik/32) / √8 for k from 0 to 8. As in OpenCV each
 * is the one before it turned by the first, in double precision.
 */
export function hashWaves(): Float32Array {
  const twiddles = turns([1, 0], [0.92387953251128674, -0.38268343236508978], 8)
  const scale = Math.fround(2 * 0.17677669529663689)
  const cosines = turns([scale, 0], [0.99518472667219693, -0.0980171403295606], 9)
  return Float32Array.from([...twiddles, ...cosines].flat())
}

function turns(start: Complex, turn: Complex, count: number): Complex[] {
  const found = [start]
  let [re, im] = start
  while (found.length < count) {
    ;[re, im] = [re * turn[0] - im * turn[1], re * turn[1] + im * turn[0]]
    found.push([re, im])
  }
  return found
}
