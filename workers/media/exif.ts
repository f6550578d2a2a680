/**
 * EXIF as bytes. Written here because libvips turns every text into ASCII: its `©` comes back as `(C)`.
 */

/** Tag numbers. Source: CIPA DC-008 (Exif 2.32), tables 4 and 7. */
const imageTags: Record<string, number> = {
  ImageDescription: 0x010e,
  Software: 0x0131,
  DateTime: 0x0132,
  Artist: 0x013b,
  Copyright: 0x8298,
}
const photoTags: Record<string, number> = {
  ExifVersion: 0x9000,
  UserComment: 0x9286,
  ColorSpace: 0xa001,
}
const photoDirectory = 0x8769
const [ascii, short, long, undefinedType] = [2, 3, 4, 7]

interface Entry {
  tag: number
  type: number
  count: number
  data: Uint8Array
}

/**
 * The TIFF structure of an EXIF block, little-endian, colour space sRGB, without its `Exif\0\0` prefix.
 * Texts are written as UTF-8, as the readers of today expect; `UserComment` must be ASCII.
 */
export function exifBytes(tags: Record<string, string>): Uint8Array {
  const photo = [
    { tag: photoTags.ExifVersion ?? 0, type: undefinedType, count: 4, data: utf8('0232') },
    ...(tags.UserComment ? [comment(tags.UserComment)] : []),
    { tag: photoTags.ColorSpace ?? 0, type: short, count: 1, data: Uint8Array.of(1, 0) },
  ]
  const image = Object.entries(imageTags).flatMap(([name, tag]) =>
    tags[name] === undefined ? [] : [text(tag, tags[name])],
  )
  const pointer = { tag: photoDirectory, type: long, count: 1, data: new Uint8Array(4) }
  const header = Uint8Array.of(0x49, 0x49, 42, 0, 8, 0, 0, 0)
  const size = directory([...image, pointer], 8).length
  new DataView(pointer.data.buffer).setUint32(0, 8 + size, true)
  return joined([header, directory([...image, pointer], 8), directory(photo, 8 + size)])
}

function text(tag: number, value: string): Entry {
  const data = utf8(`${value.replaceAll('\0', '')}\0`)
  return { tag, type: ascii, count: data.length, data }
}

function comment(value: string): Entry {
  const data = utf8(`ASCII\0\0\0${value}`)
  return { tag: photoTags.UserComment ?? 0, type: undefinedType, count: data.length, data }
}

/** One image file directory at `offset`: count, 12-byte entries by rising tag, no next one, then the data. */
function directory(entries: Entry[], offset: number): Uint8Array {
  const sorted = entries.toSorted((a, b) => a.tag - b.tag)
  const table = new DataView(new ArrayBuffer(2 + sorted.length * 12 + 4))
  const parts: Uint8Array[] = [new Uint8Array(table.buffer)]
  let end = offset + table.byteLength
  table.setUint16(0, sorted.length, true)
  for (const [i, { tag, type, count, data }] of sorted.entries()) {
    const at = 2 + i * 12
    table.setUint16(at, tag, true)
    table.setUint16(at + 2, type, true)
    table.setUint32(at + 4, count, true)
    if (data.length <= 4) new Uint8Array(table.buffer).set(data, at + 8)
    else {
      table.setUint32(at + 8, end, true)
      // Values start at even offsets.
      const padded = joined([data, new Uint8Array(data.length % 2)])
      parts.push(padded)
      end += padded.length
    }
  }
  return joined(parts)
}

/** The texts of an EXIF block (with or without its prefix) by tag name; what `exifBytes` wrote, or another. */
export function readExif(block: Uint8Array): Record<string, string> {
  const start = new TextDecoder('latin1').decode(block.subarray(0, 4)) === 'Exif' ? 6 : 0
  const tiff = block.subarray(start)
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength)
  const little = view.getUint16(0) === 0x4949
  const found: Record<string, string> = {}
  const names = new Map(
    [...Object.entries(imageTags), ...Object.entries(photoTags)].map(([name, tag]) => [tag, name]),
  )
  const read = (at: number) => {
    for (let i = 0; i < view.getUint16(at, little); i++) {
      const entry = at + 2 + i * 12
      const [tag, type] = [view.getUint16(entry, little), view.getUint16(entry + 2, little)]
      const [count, value] = [view.getUint32(entry + 4, little), view.getUint32(entry + 8, little)]
      if (tag === photoDirectory) read(value)
      const name = names.get(tag)
      if (!name || (type !== ascii && type !== undefinedType)) continue
      const from = count <= 4 ? entry + 8 : value
      const whole = new TextDecoder().decode(tiff.subarray(from, from + count))
      found[name] = whole.replace(/^ASCII\0\0\0/, '').replace(/\0+$/, '')
    }
  }
  read(view.getUint32(4, little))
  return found
}

const utf8 = (value: string) => new TextEncoder().encode(value)

function joined(parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
