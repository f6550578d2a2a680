/**
 * Writes the images people get: PNG that says what its colours mean, JPEG for the web, both with their origin inside.
 */

import { type FileHandle, open, readFile } from 'node:fs/promises'
import type sharp from 'sharp'
import type { Sharp } from 'sharp'
import { exifBytes } from './media/exif.ts'
import { withMetadata } from './media/jpeg.ts'
import { type Description, exifOf, pngTextOf, xmpOf } from './media/metadata.ts'
import { type Colour, described } from './media/png.ts'
import type { Size } from './media/video.ts'

export interface JpegSettings {
  quality: number
  max_width: 'source' | number
  progressive: boolean
  chroma: '4:4:4' | '4:2:2' | '4:2:0'
}

/** libjpeg as sharp carries it knows two of the three; the finer one stands in for 4:2:2. */
export const chromaUsed = ({ chroma }: JpegSettings) => (chroma === '4:2:0' ? '4:2:0' : '4:4:4')

/**
 * An image as JPEG: upright, sRGB with its profile, no wider than asked and never enlarged, what is transparent white.
 * @returns the size it came to.
 * @throws Error by sharp where `source` cannot be read.
 */
export async function writeJpeg(
  source: string,
  target: string,
  settings: JpegSettings,
  description: Description,
): Promise<Size> {
  const { quality, progressive } = settings
  const { data, info } = await narrowed(await openImage(source), settings.max_width)
    .flatten({ background: '#fff' })
    .withIccProfile('srgb')
    .jpeg({ quality, progressive, chromaSubsampling: chromaUsed(settings) })
    .toBuffer({ resolveWithObject: true })
  await writeParts(target, withMetadata(data, exifBytes(exifOf(description)), xmpOf(description)))
  return { width: info.width, height: info.height }
}

const narrowed = (image: Sharp, maxWidth: JpegSettings['max_width']) =>
  maxWidth === 'source' ? image : image.resize({ width: maxWidth, withoutEnlargement: true })

/** Loaded when it is first needed: it takes a while, and who only names an operation needs none. */
export async function loadSharp(): Promise<typeof sharp> {
  const { default: loaded } = await import('sharp')
  // A drawing or a document that calls itself PNG may name other files; whoever reads pixels names none.
  loaded.block({ operation: ['VipsForeignLoad'] })
  loaded.unblock({ operation: ['Jpeg', 'Png', 'Tiff', 'Webp'].map((kind) => `VipsForeignLoad${kind}`) })
  return loaded
}

const openImage = async (source: string): Promise<Sharp> => (await loadSharp())(source, limits).autoOrient()

/** Masters of 16K are pictures too; what is damaged is said to be. */
const limits = { limitInputPixels: 2 ** 29, failOn: 'error' } as const

/** A PNG made by ffmpeg, with its colour and its origin in place of whatever ffmpeg said of them. */
export async function describePng(
  source: string,
  target: string,
  colour: Colour,
  description: Description,
): Promise<void> {
  await writeParts(target, described(await readFile(source), colour, pngTextOf(description)))
}

/** A still image of any kind as PNG: upright, its depth, transparency and profile kept. @returns its size. */
export async function writePng(source: string, target: string, description: Description): Promise<Size> {
  const image = await openImage(source)
  const { depth, space = '' } = await image.metadata()
  // PNG knows no CMYK, and so no profile of it.
  const kept = space === 'cmyk' ? image.withIccProfile('srgb') : image.keepIccProfile()
  const deep = depth === 'ushort' && /16$/.test(space) ? kept.toColourspace(space) : kept
  const { data, info } = await deep.png().toBuffer({ resolveWithObject: true })
  await writeParts(target, described(data, null, pngTextOf(description)))
  return { width: info.width, height: info.height }
}

async function writeParts(target: string, parts: Uint8Array[]): Promise<void> {
  const file = await open(target, 'w')
  try {
    await writeAll(file, parts)
  } finally {
    await file.close()
  }
}

async function writeAll(file: FileHandle, parts: Uint8Array[]): Promise<void> {
  // One after the other: a single write may take less than all.
  for (const part of parts) {
    for (let at = 0; at < part.length;) at += (await file.write(part, at)).bytesWritten
  }
}
