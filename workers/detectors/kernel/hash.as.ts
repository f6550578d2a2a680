/**
 * A picture's perceptual hash: 16 by 16 means of its grey, their cosine transform, and which low frequencies are
 * above the median. All in single precision and in OpenCV's order, for in flat pictures only rounding decides.
 */

const side = 16

/** Rounds sixteen numbers to whole ones, a half to the even one, and stores them as bytes. */
@inline
function storeRounded(to: usize, a: v128, b: v128, c: v128, d: v128): void {
  const low = i16x8.narrow_i32x4_s(whole(a), whole(b))
  v128.store(to, i8x16.narrow_i16x8_u(low, i16x8.narrow_i32x4_s(whole(c), whole(d))))
}

@inline
function whole(values: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(values))
}

@inline
function sumOfSixteen(at: usize): i32 {
  const fours = i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(v128.load(at)))
  return (
    i32x4.extract_lane(fours, 0) +
    i32x4.extract_lane(fours, 1) +
    i32x4.extract_lane(fours, 2) +
    i32x4.extract_lane(fours, 3)
  )
}

@inline
function sumOf(at: usize, count: i32): i32 {
  let sum = 0
  for (let i = 0; i < count; i++) sum += load<u8>(at + i)
  return sum
}

/**
 * Shrinks a grey image to 16 by 16 where both sizes can be divided: the mean of each cell of `across` by `down`
 * pixels. `scale` is 1 / (across * down), `lift` is added before rounding.
 */
export function shrinkEvenly(
  grey: usize,
  across: i32,
  down: i32,
  scale: f32,
  lift: f32,
  to: usize,
): void {
  const width = side * across
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      let at = grey + <usize>(row * down * width + column * across)
      let sum = 0
      for (let y = 0; y < down; y++) {
        sum += across == 16 ? sumOfSixteen(at) : sumOf(at, across)
        at += width
      }
      store<u8>(to++, <u8>nearest(<f32>sum * scale + lift))
    }
  }
}

/**
 * Shrinks a grey image to 16 by 16, each the mean of what it covers. `columns` and `rows` tell for each of sixteen
 * cells which pixel is the first, how many there are, and where their weights (f32) lie, in i32. `line` has room for 16 f32.
 * A width of 256 needs no columns: there a cell has sixteen whole pixels, whose mean is exact whatever the order.
 */
export function shrinkByArea(
  grey: usize,
  width: i32,
  columns: usize,
  rows: usize,
  line: usize,
  to: usize,
): void {
  for (let row = 0; row < side; row++) {
    let at = grey + <usize>load<i32>(rows) * width
    const count = load<i32>(rows, 4)
    const weights = <usize>load<i32>(rows, 8)
    let a = f32x4.splat(0)
    let b = f32x4.splat(0)
    let c = f32x4.splat(0)
    let d = f32x4.splat(0)
    for (let i = 0; i < count; i++) {
      if (width == 256) shrinkEvenRow(at, line)
      else shrinkRow(at, columns, line)
      const weight = v128.load32_splat(weights + (<usize>i << 2))
      a = f32x4.add(a, f32x4.mul(weight, v128.load(line)))
      b = f32x4.add(b, f32x4.mul(weight, v128.load(line, 16)))
      c = f32x4.add(c, f32x4.mul(weight, v128.load(line, 32)))
      d = f32x4.add(d, f32x4.mul(weight, v128.load(line, 48)))
      at += width
    }
    storeRounded(to, a, b, c, d)
    to += side
    rows += 12
  }
}

@inline
function shrinkEvenRow(row: usize, line: usize): void {
  for (let column = 0; column < side; column++) {
    store<f32>(line, <f32>sumOfSixteen(row) / 16)
    row += 16
    line += 4
  }
}

/** One row of a grey image as sixteen f32 at `line`. */
@inline
function shrinkRow(row: usize, columns: usize, line: usize): void {
  for (let column = 0; column < side; column++) {
    const from = row + load<i32>(columns)
    const count = load<i32>(columns, 4)
    let weights = <usize>load<i32>(columns, 8)
    let sum: f32 = 0
    for (let x = 0; x < count; x++) {
      sum += <f32>load<u8>(from + x) * load<f32>(weights)
      weights += 4
    }
    store<f32>(line + (<usize>column << 2), sum)
    columns += 12
  }
}

/**
 * Hashes 16 by 16 grey values, stores the 64 bits at `kept` and tells how many of them differ from what was there.
 * `waves` are the complex f32 of `hash_waves.ts`; `scratch` has room for 512 f32.
 */
export function hashChange(square: usize, waves: usize, scratch: usize, kept: usize): i32 {
  const values = scratch + 64
  const wide = values + 1024
  divideByGreatest(square, values)
  for (let row = 0; row < side; row++) {
    const at = <usize>row << 6
    transform(values + at, 4, wide + (<usize>row << 2), 64, waves, scratch)
  }
  // In `wide` a row of 16 has one horizontal frequency, the lower half of them all.
  const low = values
  for (let frequency = 0; frequency < 8; frequency++) {
    transform(wide + (<usize>frequency << 6), 4, low + (<usize>frequency << 2), 32, waves, scratch)
  }
  const hash = bitsAboveMedian(low, wide)
  const before = load<u64>(kept)
  store<u64>(kept, hash)
  return <i32>popcnt(hash ^ before)
}

/** The values as f32, 1 for the greatest of them; all 0 stay so. */
function divideByGreatest(square: usize, values: usize): void {
  let greatest: u32 = 1
  for (let i: usize = 0; i < 256; i++) greatest = max(greatest, load<u8>(square + i))
  for (let i: usize = 0; i < 256; i++) {
    store<f32>(values + (i << 2), <f32>load<u8>(square + i) / <f32>greatest)
  }
}

/** Bit i is set where the i-th of 64 f32 is greater than their median. `sorted` has room for them. */
function bitsAboveMedian(values: usize, sorted: usize): u64 {
  for (let i: usize = 0; i < 64; i++) {
    const value = load<f32>(values + (i << 2))
    let at = sorted + (i << 2)
    while (at > sorted && load<f32>(at - 4) > value) {
      store<f32>(at, load<f32>(at - 4))
      at -= 4
    }
    store<f32>(at, value)
  }
  const median = (load<f32>(sorted, 124) + load<f32>(sorted, 128)) / 2
  let bits: u64 = 0
  for (let i: usize = 0; i < 64; i++) {
    if (load<f32>(values + (i << 2)) > median) bits |= (<u64>1) << i
  }
  return bits
}

@inline
function re(list: usize, i: usize): f32 {
  return load<f32>(list + (i << 3))
}

@inline
function im(list: usize, i: usize): f32 {
  return load<f32>(list + (i << 3), 4)
}

@inline
function put(list: usize, i: usize, real: f32, imaginary: f32): void {
  store<f32>(list + (i << 3), real)
  store<f32>(list + (i << 3), imaginary, 4)
}

/**
 * The lower eight of a cosine transform of sixteen f32. They are ordered as even ones rising, then odd ones falling,
 * and taken for eight complex numbers, whose Fourier transform (radix 4, then 2) is unfolded and turned.
 * `waves`: 8 twiddles of the transform of sixteen, then 9 factors of the cosines. `z` has room for 8 complex f32.
 */
function transform(from: usize, step: usize, to: usize, toStep: usize, waves: usize, z: usize): void {
  quarter(from, step, 0, z)
  quarter(from, step, 1, z + 32)
  for (let j: usize = 0; j < 4; j++) {
    let r = re(z, j + 4)
    let i = im(z, j + 4)
    if (j > 0) {
      const turned = r * re(waves, 2 * j) - i * im(waves, 2 * j)
      i = i * re(waves, 2 * j) + r * im(waves, 2 * j)
      r = turned
    }
    const r0 = re(z, j)
    const i0 = im(z, j)
    put(z, j, r0 + r, i0 + i)
    put(z, j + 4, r0 - r, i0 - i)
  }
  const cosines = waves + 64
  const diagonal: f32 = 0.70710678118654752
  store<f32>(to, (re(z, 0) + im(z, 0)) * re(cosines, 0) * diagonal)
  for (let k: usize = 1; k < 4; k++) unfold(z, k, waves, cosines, to, toStep)
  store<f32>(to + 4 * toStep, re(cosines, 4) * re(z, 4) - im(cosines, 4) * -im(z, 4))
}

/** Four of the eight complex numbers, every other one from the first or second, transformed. */
@inline
function quarter(from: usize, step: usize, second: usize, z: usize): void {
  const up = from + 4 * second * step
  const down = from - 4 * second * step
  const ar = load<f32>(up)
  const ai = load<f32>(up + 2 * step)
  const br = load<f32>(down + 15 * step)
  const bi = load<f32>(down + 13 * step)
  const cr = load<f32>(up + 8 * step)
  const ci = load<f32>(up + 10 * step)
  const dr = load<f32>(down + 7 * step)
  const di = load<f32>(down + 5 * step)
  const sumR = ar + br
  const sumI = ai + bi
  const gapR = ar - br
  const gapI = ai - bi
  const otherR = cr + dr
  const otherI = ci + di
  const crossR = ci - di
  const crossI = dr - cr
  put(z, 0, sumR + otherR, sumI + otherI)
  put(z, 1, gapR + crossR, gapI + crossI)
  put(z, 2, sumR - otherR, sumI - otherI)
  put(z, 3, gapR - crossR, gapI - crossI)
}

/** Frequencies `k` and 8 - `k` of the sixteen real numbers, out of the eight complex ones, as cosines. */
@inline
function unfold(z: usize, k: usize, waves: usize, cosines: usize, to: usize, toStep: usize): void {
  const half: f32 = 0.5
  const oddR = half * (im(z, k) + im(z, 8 - k))
  const oddI = half * (re(z, 8 - k) - re(z, k))
  const evenR = half * (re(z, k) + re(z, 8 - k))
  const evenI = half * (im(z, k) - im(z, 8 - k))
  const turnedR = oddR * re(waves, k) - oddI * im(waves, k)
  const turnedI = oddR * im(waves, k) + oddI * re(waves, k)
  const r = evenR + turnedR
  const i = evenI + turnedI
  const mirrorR = evenR - turnedR
  const mirrorI = turnedI - evenI
  store<f32>(to + k * toStep, re(cosines, k) * r - im(cosines, k) * i)
  store<f32>(to + (8 - k) * toStep, re(cosines, 8 - k) * mirrorR - im(cosines, 8 - k) * mirrorI)
}
