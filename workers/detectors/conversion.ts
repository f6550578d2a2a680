/**
 * From Y, U, V to B, G, R as swscale does it on x86, in arithmetic that the kernel does eight at a time.
 */

/**
 * How a plane's byte enters a colour: `(((value * scale + offset) * factor + 2^14) >> 15) >> 1`, all in 16 bits.
 * The constants were searched for, so that each term is exactly swscale's for all of the 256 values.
 */
export interface Term {
  scale: number
  offset: number
  factor: number
}

/** BT.601. Blue is y + uToBlue, green y + uToGreen + vToGreen, red y + vToRed, each then clamped to a byte. */
export interface Conversion {
  y: Term
  vToRed: Term
  uToBlue: Term
  uToGreen: Term
  vToGreen: Term
}

export const limitedRange: Conversion = {
  y: { scale: 61, offset: -989, factor: 1251 },
  vToRed: { scale: 13, offset: -1666, factor: 8046 },
  uToBlue: { scale: 105, offset: -13453, factor: 1259 },
  uToGreen: { scale: 43, offset: -5477, factor: -597 },
  vToGreen: { scale: 23, offset: -2937, factor: -2316 },
}

export const fullRange: Conversion = {
  y: { scale: 3, offset: 0, factor: 21843 },
  vToRed: { scale: 62, offset: -7947, factor: 1482 },
  uToBlue: { scale: 36, offset: -4613, factor: 3226 },
  uToGreen: { scale: 7, offset: -891, factor: -3222 },
  vToGreen: { scale: 20, offset: -2553, factor: -2340 },
}

/** As the kernel reads them: four numbers for each term, the last unused. */
export const conversionConstants = ({ y, vToRed, uToBlue, uToGreen, vToGreen }: Conversion): Int16Array =>
  Int16Array.from(
    [y, vToRed, uToBlue, uToGreen, vToGreen].flatMap(({ scale, offset, factor }) => [
      ...[scale, offset, factor, 0],
    ]),
  )
