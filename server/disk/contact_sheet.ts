/**
 * All scenes on one picture: a JPEG of their thumbnails, each with its number, first timecode and length.
 */

import { drawText, lineHeight, textWidth, type Canvas } from './dot_letters.ts'

export interface SheetScene {
  /** A JPEG; null where there is none. */
  picture(): Promise<Uint8Array | null>
  /** "12  00:01:02:03". */
  label: string
  /** "4.2 s". */
  length: string
}

/** Pixels that a sheet has at most: as many as any program opens. */
const mostPixels = 24e6
const [widest, narrowest] = [320, 96]
const gap = 8
const [paper, ink, faint] = [24, 235, 150] as const

/** @param aspect width of a picture to its height. */
export async function contactSheet(scenes: readonly SheetScene[], aspect: number): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp') // it takes a while to load, and the first page needs none
  const { width, height, columns } = planSheet(scenes.length, aspect)
  const cell = { width: width + gap, height: height + lineHeight + 2 * gap }
  const canvas: Canvas = {
    width: gap + columns * cell.width,
    height: gap + Math.ceil(scenes.length / columns) * cell.height,
    pixels: new Uint8Array(),
  }
  canvas.pixels = new Uint8Array(3 * canvas.width * canvas.height).fill(paper)
  for (const [place, { picture, label, length }] of scenes.entries()) {
    const x = gap + (place % columns) * cell.width
    const y = gap + Math.floor(place / columns) * cell.height
    const jpeg = await picture()
    if (jpeg) {
      const pixels = await sharp(jpeg).resize(width, height, { fit: 'fill' }).removeAlpha().raw().toBuffer()
      paste(canvas, pixels, { x, y, width, height })
    }
    drawText(canvas, label, x, y + height + gap / 2, ink)
    drawText(canvas, length, x + width - textWidth(length), y + height + gap / 2, faint)
  }
  const raw = { width: canvas.width, height: canvas.height, channels: 3 } as const
  return sharp(canvas.pixels, { raw }).jpeg({ quality: 85 }).toBuffer()
}

/** Pictures as large as fit on a sheet that is about as wide as it is high. */
export function planSheet(count: number, aspect: number): { width: number; height: number; columns: number } {
  const fitting = Math.floor(Math.sqrt((mostPixels / Math.max(1, count)) * aspect))
  const width = Math.max(narrowest, Math.min(widest, fitting))
  const height = Math.max(1, Math.round(width / aspect))
  const wanted = Math.round(Math.sqrt((count * (height + lineHeight)) / width))
  return { width, height, columns: Math.max(1, Math.min(count, Math.max(wanted, 4))) }
}

interface Box {
  x: number
  y: number
  width: number
  height: number
}

function paste(canvas: Canvas, pixels: Uint8Array, { x, y, width, height }: Box): void {
  for (let row = 0; row < height; row++) {
    const line = pixels.subarray(3 * row * width, 3 * (row + 1) * width)
    canvas.pixels.set(line, 3 * ((y + row) * canvas.width + x))
  }
}
