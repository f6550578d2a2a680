/**
 * Grey out of colour, as a weighted sum of blue, green and red in whole numbers.
 */

/** Four sums out of pairs of bytes: blue and green, red and one. */
@inline
function weigh4(blueGreen: v128, redOne: v128, first: v128, second: v128, shift: i32): v128 {
  const sum = i32x4.add(i32x4.dot_i16x8_s(blueGreen, first), i32x4.dot_i16x8_s(redOne, second))
  return i32x4.shr_s(sum, shift)
}

@inline
function weigh8(blueGreen: v128, redOne: v128, first: v128, second: v128, shift: i32): v128 {
  return i16x8.narrow_i32x4_s(
    weigh4(i16x8.extend_low_i8x16_u(blueGreen), i16x8.extend_low_i8x16_u(redOne), first, second, shift),
    weigh4(i16x8.extend_high_i8x16_u(blueGreen), i16x8.extend_high_i8x16_u(redOne), first, second, shift),
  )
}

/**
 * Puts `(blue * b + green * g + red * r + half) >> shift` of every pixel of a small image into the bytes at `to`.
 * `bytes` per plane are a multiple of 16; weights are below 2^15 and come to `1 << shift`, of which `half` is a half.
 */
export function weighColours(
  small: usize,
  bytes: usize,
  blue: i32,
  green: i32,
  red: i32,
  shift: i32,
  to: usize,
): void {
  const first = i32x4.splat(blue | (green << 16))
  const second = i32x4.splat(red | (1 << (shift + 15)))
  const one = i8x16.splat(1)
  for (let i: usize = 0; i < bytes; i += 16) {
    const b = v128.load(small + i)
    const g = v128.load(small + i + bytes)
    const r = v128.load(small + i + 2 * bytes)
    const low = weigh8(
      i8x16.shuffle(b, g, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23),
      i8x16.shuffle(r, one, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23),
      first,
      second,
      shift,
    )
    const high = weigh8(
      i8x16.shuffle(b, g, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31),
      i8x16.shuffle(r, one, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31),
      first,
      second,
      shift,
    )
    v128.store(to + i, i8x16.narrow_i16x8_u(low, high))
  }
}
