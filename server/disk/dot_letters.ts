/**
 * Letters of five by seven dots, for pictures made on machines that have no fonts.
 */

export interface Canvas {
  width: number
  height: number
  /** Three bytes each. */
  pixels: Uint8Array
}

/** Seven rows of five dots, the leftmost the highest bit. */
const letters: Record<string, readonly number[]> = {
  '0': [14, 17, 19, 21, 25, 17, 14],
  '1': [4, 12, 4, 4, 4, 4, 14],
  '2': [14, 17, 1, 2, 4, 8, 31],
  '3': [31, 2, 4, 2, 1, 17, 14],
  '4': [2, 6, 10, 18, 31, 2, 2],
  '5': [31, 16, 30, 1, 1, 17, 14],
  '6': [6, 8, 16, 30, 17, 17, 14],
  '7': [31, 1, 2, 4, 8, 8, 8],
  '8': [14, 17, 17, 14, 17, 17, 14],
  '9': [14, 17, 17, 15, 1, 2, 12],
  ':': [0, 4, 4, 0, 4, 4, 0],
  ';': [0, 4, 4, 0, 4, 4, 8],
  '.': [0, 0, 0, 0, 0, 12, 12],
  s: [0, 0, 15, 16, 14, 1, 30],
}

export const lineHeight = 14

/** Dots are one pixel wide; what has no letter is a gap. */
export const textWidth = (text: string) => 6 * text.length - 1

/** @param grey of the dots, 0 to 255. What lies beyond the canvas is left out. */
export function drawText(
  { width, height, pixels }: Canvas,
  text: string,
  x: number,
  y: number,
  grey: number,
): void {
  for (const [place, letter] of [...text].entries()) {
    const rows = letters[letter] ?? []
    for (const [row, dots] of rows.entries()) {
      for (let column = 0; column < 5; column++) {
        const [px, py] = [x + 6 * place + column, y + row]
        if (!((dots >> (4 - column)) & 1) || px < 0 || px >= width || py < 0 || py >= height) continue
        pixels.fill(grey, 3 * (py * width + px), 3 * (py * width + px) + 3)
      }
    }
  }
}
