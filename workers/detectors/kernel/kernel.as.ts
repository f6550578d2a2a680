/**
 * The inner loops of detection in SIMD: AssemblyScript, built by `npm run build-kernel` into `kernel_wasm.ts`.
 * Pointers are offsets into the module's memory. Lines and small images are planar: B, G, R one after another.
 */

export * from './detail.as'
export * from './hash.as'
export * from './histogram.as'
export * from './weigh.as'

/** Collects 16 bytes of a row from anywhere in it: each of `count` steps takes some from one 16-byte window. */
@inline
function gather(row: usize, steps: usize, count: i32): v128 {
  let found = i8x16.swizzle(v128.load(row + load<u32>(steps)), v128.load(steps, 16))
  for (let i = 1; i < count; i++) {
    steps += 32
    found = v128.or(found, i8x16.swizzle(v128.load(row + load<u32>(steps)), v128.load(steps, 16)))
  }
  return found
}

/** One term of the colour conversion, floored: the constants are proven for each of the 256 values. */
@inline
function term(value: v128, constants: usize): v128 {
  const scaled = i16x8.add(i16x8.mul(value, v128.load16_splat(constants)), v128.load16_splat(constants, 2))
  return i16x8.shr_s(i16x8.q15mulr_sat_s(scaled, v128.load16_splat(constants, 4)), 1)
}

/** Eight blended values out of sixteen neighbours, left and right by turns: 7 bits more than 8. */
@inline
function blendPairs(pairs: v128, weights: usize): v128 {
  const low = i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(pairs), v128.load(weights))
  const high = i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(pairs), v128.load(weights, 16))
  return i16x8.narrow_i32x4_s(i32x4.shr_s(low, 4), i32x4.shr_s(high, 4))
}

/**
 * Converts and blends one source row of Y, U, V along x into `line`.
 * `constants` are those of Y, V to red, U to blue, U to green, V to green, 8 bytes each.
 */
export function yuvLine(
  y: usize,
  u: usize,
  v: usize,
  luma: usize,
  lumaCount: i32,
  chroma: usize,
  chromaCount: i32,
  weights: usize,
  constants: usize,
  groups: i32,
  line: usize,
): void {
  const plane = <usize>groups << 4
  for (let i = 0; i < groups; i++) {
    const ys = gather(y, luma, lumaCount)
    const us = gather(u, chroma, chromaCount)
    const vs = gather(v, chroma, chromaCount)
    const y0 = term(i16x8.extend_low_i8x16_u(ys), constants)
    const y1 = term(i16x8.extend_high_i8x16_u(ys), constants)
    const u0 = i16x8.extend_low_i8x16_u(us)
    const u1 = i16x8.extend_high_i8x16_u(us)
    const v0 = i16x8.extend_low_i8x16_u(vs)
    const v1 = i16x8.extend_high_i8x16_u(vs)
    const blue = i8x16.narrow_i16x8_u(
      i16x8.add(y0, term(u0, constants + 16)),
      i16x8.add(y1, term(u1, constants + 16)),
    )
    const green = i8x16.narrow_i16x8_u(
      i16x8.add(y0, i16x8.add(term(u0, constants + 24), term(v0, constants + 32))),
      i16x8.add(y1, i16x8.add(term(u1, constants + 24), term(v1, constants + 32))),
    )
    const red = i8x16.narrow_i16x8_u(
      i16x8.add(y0, term(v0, constants + 8)),
      i16x8.add(y1, term(v1, constants + 8)),
    )
    v128.store(line, blendPairs(blue, weights))
    v128.store(line + plane, blendPairs(green, weights))
    v128.store(line + 2 * plane, blendPairs(red, weights))
    luma += <usize>lumaCount << 5
    chroma += <usize>chromaCount << 5
    weights += 32
    line += 16
  }
}

/** Blends one channel of a source row of B, G, R pixels along x into one plane of a line. */
export function channelLine(
  row: usize,
  steps: usize,
  count: i32,
  weights: usize,
  groups: i32,
  line: usize,
): void {
  for (let i = 0; i < groups; i++) {
    v128.store(line, blendPairs(gather(row, steps, count), weights))
    steps += <usize>count << 5
    weights += 32
    line += 16
  }
}

/** Eight values of a line, weighed: `(weight * value) >> 16` in two halves of 32 bits. */
@inline
function weighLow(values: v128, weight: v128): v128 {
  return i32x4.shr_s(i32x4.dot_i16x8_s(i32x4.extend_low_i16x8_u(values), weight), 16)
}

@inline
function weighHigh(values: v128, weight: v128): v128 {
  return i32x4.shr_s(i32x4.dot_i16x8_s(i32x4.extend_high_i16x8_u(values), weight), 16)
}

/** Blends two lines into one row of the small image. Writes up to 7 bytes beyond each plane's row. */
export function blendLines(
  upper: usize,
  lower: usize,
  upperWeight: i32,
  lowerWeight: i32,
  groups: i32,
  to: usize,
  plane: usize,
): void {
  const above = i32x4.splat(upperWeight)
  const below = i32x4.splat(lowerWeight)
  const two = i32x4.splat(2)
  for (let channel = 0; channel < 3; channel++) {
    for (let i = 0; i < groups; i++) {
      const a = v128.load(upper)
      const b = v128.load(lower)
      const low = i32x4.add(i32x4.add(weighLow(a, above), weighLow(b, below)), two)
      const high = i32x4.add(i32x4.add(weighHigh(a, above), weighHigh(b, below)), two)
      const words = i16x8.narrow_i32x4_s(i32x4.shr_s(low, 2), i32x4.shr_s(high, 2))
      v128.store64_lane(to + (<usize>i << 3), i8x16.narrow_i16x8_u(words, words), 0)
      upper += 16
      lower += 16
    }
    to += plane
  }
}

/** Rounds a quotient below 2^22 to the nearest whole number, a half to the even one. */
@inline
function reciprocal(scale: v128, divisor: v128): v128 {
  const magic = f32x4.splat(12582912)
  const quotient = f32x4.div(scale, f32x4.convert_i32x4_s(divisor))
  return i32x4.sub(f32x4.add(quotient, magic), magic)
}

/** `(factor * reciprocal + half) >> 12`, four at a time. */
@inline
function divide(factor: v128, scale: v128, divisor: v128): v128 {
  return i32x4.shr_s(i32x4.add(i32x4.mul(factor, reciprocal(scale, divisor)), i32x4.splat(2048)), 12)
}

/** Divides eight at a time. `divisor` must not be 0. */
@inline
function divide8(factor: v128, scale: v128, divisor: v128): v128 {
  return i16x8.narrow_i32x4_s(
    divide(i32x4.extend_low_i16x8_s(factor), scale, i32x4.extend_low_i16x8_u(divisor)),
    divide(i32x4.extend_high_i16x8_s(factor), scale, i32x4.extend_high_i16x8_u(divisor)),
  )
}

/** OpenCV's hue of eight pixels: 180 where the turn is negative is one time round. */
@inline
function hue8(p: v128, q: v128, sixths: v128, span: v128, divisor: v128): v128 {
  const turn = i16x8.add(i16x8.sub(p, q), i16x8.mul(sixths, span))
  const hue = divide8(turn, f32x4.splat(122880), divisor)
  return i16x8.add(hue, v128.and(i16x8.shr_s(hue, 15), i16x8.splat(180)))
}

@inline
function addUp(sum: v128, bytes: v128): v128 {
  return i32x4.add(sum, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes)))
}

/** Adds up how far `now` lies from what was kept, and keeps `now`. */
@inline
function change(sum: v128, now: v128, kept: usize): v128 {
  const before = v128.load(kept)
  v128.store(kept, now)
  return addUp(sum, v128.or(i8x16.sub_sat_u(now, before), i8x16.sub_sat_u(before, now)))
}

@inline
function total(sum: v128): i32 {
  return (
    i32x4.extract_lane(sum, 0) +
    i32x4.extract_lane(sum, 1) +
    i32x4.extract_lane(sum, 2) +
    i32x4.extract_lane(sum, 3)
  )
}

/**
 * Sums over a small image of `bytes` per plane (a multiple of 16, black beyond the picture) into four i32 at
 * `sums`: changes of hue, saturation and value since the image before, which is kept at `kept`; and B + G + R.
 */
export function hsvChanges(small: usize, bytes: usize, kept: usize, sums: usize): void {
  let hues = i32x4.splat(0)
  let saturations = i32x4.splat(0)
  let values = i32x4.splat(0)
  let light = i32x4.splat(0)
  const one = i8x16.splat(1)
  const scale = f32x4.splat(1044480)
  for (let i: usize = 0; i < bytes; i += 16) {
    const b = v128.load(small + i)
    const g = v128.load(small + i + bytes)
    const r = v128.load(small + i + 2 * bytes)
    light = addUp(addUp(addUp(light, b), g), r)
    const value = i8x16.max_u(i8x16.max_u(b, g), r)
    const span = i8x16.sub(value, i8x16.min_u(i8x16.min_u(b, g), r))
    const isRed = i8x16.eq(r, value)
    const isGreen = i8x16.eq(g, value)
    const p = v128.bitselect(g, v128.bitselect(b, r, isGreen), isRed)
    const q = v128.bitselect(b, v128.bitselect(r, g, isGreen), isRed)
    const sixths = v128.andnot(v128.bitselect(i8x16.splat(2), i8x16.splat(4), isGreen), isRed)
    const spanOrOne = i8x16.max_u(span, one)
    const valueOrOne = i8x16.max_u(value, one)
    const spanLow = i16x8.extend_low_i8x16_u(span)
    const spanHigh = i16x8.extend_high_i8x16_u(span)
    const hue = i8x16.narrow_i16x8_u(
      hue8(
        i16x8.extend_low_i8x16_u(p),
        i16x8.extend_low_i8x16_u(q),
        i16x8.extend_low_i8x16_u(sixths),
        spanLow,
        i16x8.extend_low_i8x16_u(spanOrOne),
      ),
      hue8(
        i16x8.extend_high_i8x16_u(p),
        i16x8.extend_high_i8x16_u(q),
        i16x8.extend_high_i8x16_u(sixths),
        spanHigh,
        i16x8.extend_high_i8x16_u(spanOrOne),
      ),
    )
    const saturation = i8x16.narrow_i16x8_u(
      divide8(spanLow, scale, i16x8.extend_low_i8x16_u(valueOrOne)),
      divide8(spanHigh, scale, i16x8.extend_high_i8x16_u(valueOrOne)),
    )
    hues = change(hues, hue, kept + i)
    saturations = change(saturations, saturation, kept + i + bytes)
    values = change(values, value, kept + i + 2 * bytes)
  }
  store<i32>(sums, total(hues))
  store<i32>(sums, total(saturations), 4)
  store<i32>(sums, total(values), 8)
  store<i32>(sums, total(light), 12)
}

/** Sums up B + G + R of 8 by 8 fields of a small image into 64 u32 at `sums`. A row of them is summed per column first. */
export function fieldLight(
  small: usize,
  plane: usize,
  width: i32,
  height: i32,
  columns: usize,
  sums: usize,
): void {
  for (let row = 0; row < 8; row++) {
    const top = (row * height) >> 3
    const bottom = max(top + 1, ((row + 1) * height) >> 3)
    for (let x = 0; x < width; x += 16) {
      let low = i16x8.splat(0)
      let high = i16x8.splat(0)
      let at = small + <usize>(top * width + x)
      for (let y = top; y < bottom; y++) {
        for (let channel: usize = 0; channel < 3; channel++) {
          const light = v128.load(at + channel * plane)
          low = i16x8.add(low, i16x8.extend_low_i8x16_u(light))
          high = i16x8.add(high, i16x8.extend_high_i8x16_u(light))
        }
        at += width
      }
      v128.store(columns + (<usize>x << 1), low)
      v128.store(columns + (<usize>x << 1), high, 16)
    }
    for (let column = 0; column < 8; column++) {
      const left = (column * width) >> 3
      const right = max(left + 1, ((column + 1) * width) >> 3)
      let sum: u32 = 0
      for (let x = left; x < right; x++) sum += load<u16>(columns + (<usize>x << 1))
      store<u32>(sums, sum)
      sums += 4
    }
  }
}

/**
 * Sums up all values of a small image, and their squares, into two f64 at `sums`. (A lane holds those of
 * 256 by 256 pixels.)
 */
export function lightAndSquares(small: usize, bytes: usize, sums: usize): void {
  let light = i32x4.splat(0)
  let squares = i32x4.splat(0)
  for (let i: usize = 0; i < 3 * bytes; i += 16) {
    const values = v128.load(small + i)
    const low = i16x8.extend_low_i8x16_u(values)
    const high = i16x8.extend_high_i8x16_u(values)
    light = addUp(light, values)
    squares = i32x4.add(squares, i32x4.add(i32x4.dot_i16x8_s(low, low), i32x4.dot_i16x8_s(high, high)))
  }
  store<f64>(sums, <f64>total(light))
  store<f64>(sums, unsignedTotal(squares), 8)
}

@inline
function unsignedTotal(sum: v128): f64 {
  return (
    <f64>(<u32>i32x4.extract_lane(sum, 0)) +
    <f64>(<u32>i32x4.extract_lane(sum, 1)) +
    <f64>(<u32>i32x4.extract_lane(sum, 2)) +
    <f64>(<u32>i32x4.extract_lane(sum, 3))
  )
}
