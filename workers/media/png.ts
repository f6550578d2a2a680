/**
 * PNG chunks: reads them, and gives a PNG its colour description and its texts.
 * Source: W3C, Portable Network Graphics (PNG) Specification, third edition.
 */

export interface Chunk {
  type: string
  data: Uint8Array
  /** With length, type and checksum, as it was read. */
  whole?: Uint8Array
}

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)

/** What a picture is made of; every other chunk is a remark on it. */
const essential = ['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']
/** Remarks on its colour. */
const colours = ['iCCP', 'sRGB', 'gAMA', 'cHRM', 'cICP']

export interface Colour {
  /** The bytes of an ICC profile, and what it is called. */
  profile: Uint8Array
  name: string
  /** Code points of ITU-T H.273, for HDR that an ICC curve cannot express. */
  cicp?: { primaries: number; transfer: number } | undefined
}

/**
 * The PNG with this colour (null = its own) and these texts (keyword -> text), and no other remarks.
 * @returns parts, to be written one after the other, so that a large picture is not copied.
 * @throws Error where `png` is none or is damaged.
 */
export function described(
  png: Uint8Array,
  colour: Colour | null,
  texts: Record<string, string>,
): Uint8Array[] {
  const kept = colour ? essential : [...essential, ...colours]
  const [header, ...rest] = readChunks(png).filter(({ type }) => kept.includes(type))
  if (header?.type !== 'IHDR') throw new Error('This PNG does not begin with its header.')
  const remarks = [
    ...(colour?.cicp ? [cicp(colour.cicp)] : []),
    ...(colour ? [iccp(colour.name, colour.profile)] : []),
    ...Object.entries(texts).map(([keyword, text]) => textChunk(keyword, text)),
  ]
  return [signature, ...[header, ...remarks, ...rest].flatMap(writeChunk)]
}

/**
 * All chunks in order; their data are views into `png`.
 * @throws Error where the file is no PNG, ends early, or a chunk's checksum is wrong.
 */
export function readChunks(png: Uint8Array): Chunk[] {
  if (signature.some((byte, i) => png[i] !== byte)) throw new Error('This is not a PNG.')
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength)
  const chunks: Chunk[] = []
  for (let at = signature.length; chunks.at(-1)?.type !== 'IEND';) {
    const length = at + 12 <= png.length ? view.getUint32(at) : Infinity
    const end = at + 12 + length
    if (end > png.length) throw new Error('This PNG ends in the middle.')
    const named = png.subarray(at + 4, end - 4)
    const type = latin1(named.subarray(0, 4))
    if (crc32(named) !== view.getUint32(end - 4))
      throw new Error(`The checksum of this PNG's ${type} is wrong.`)
    chunks.push({ type, data: named.subarray(4), whole: png.subarray(at, end) })
    at = end
  }
  return chunks
}

/** What the text chunks (`tEXt`, and `iTXt` as written here) of a PNG say. */
export function readTexts(png: Uint8Array): Record<string, string> {
  const texts: Record<string, string> = {}
  for (const { type, data } of readChunks(png)) {
    const end = data.indexOf(0)
    const keyword = latin1(data.subarray(0, end))
    if (type === 'tEXt') texts[keyword] = latin1(data.subarray(end + 1))
    if (type === 'iTXt') texts[keyword] = new TextDecoder().decode(data.subarray(end + 5))
  }
  return texts
}

/** `tEXt` for what Latin-1 can say, which every reader knows; `iTXt` (UTF-8, uncompressed) for the rest. */
function textChunk(keyword: string, text: string): Chunk {
  const clean = text.replaceAll('\0', '')
  if (/^[\n\x20-\x7e\xa0-\xff]*$/.test(clean))
    return { type: 'tEXt', data: latin1Bytes(`${keyword}\0${clean}`) }
  const head = latin1Bytes(`${keyword}\0\0\0\0\0`)
  const body = new TextEncoder().encode(clean)
  return { type: 'iTXt', data: Uint8Array.of(...head, ...body) }
}

const iccp = (name: string, profile: Uint8Array): Chunk => ({
  type: 'iCCP',
  data: Uint8Array.of(...latin1Bytes(`${name}\0\0`), ...stored(profile)),
})

/** RGB, full range, as a PNG must be. */
const cicp = ({ primaries, transfer }: { primaries: number; transfer: number }): Chunk => ({
  type: 'cICP',
  data: Uint8Array.of(primaries, transfer, 0, 1),
})

function writeChunk({ type, data, whole }: Chunk): Uint8Array[] {
  if (whole) return [whole]
  const name = latin1Bytes(type)
  const [before, after] = [new DataView(new ArrayBuffer(8)), new DataView(new ArrayBuffer(4))]
  before.setUint32(0, data.length)
  new Uint8Array(before.buffer).set(name, 4)
  after.setUint32(0, crc32(data, crc32(name)))
  return [new Uint8Array(before.buffer), data, new Uint8Array(after.buffer)]
}

/** A zlib stream of one stored block, for the few hundred bytes of a profile. Source: RFC 1950, RFC 1951 3.2.4. */
function stored(data: Uint8Array): Uint8Array {
  if (data.length > 0xffff) throw new Error('A colour profile of more than 64 KiB is none of ours.')
  const [low, high] = [data.length & 0xff, data.length >> 8]
  const sum = adler32(data)
  const check = [sum >>> 24, (sum >>> 16) & 0xff, (sum >>> 8) & 0xff, sum & 0xff]
  return Uint8Array.of(0x78, 0x01, 1, low, high, low ^ 0xff, high ^ 0xff, ...data, ...check)
}

function adler32(data: Uint8Array): number {
  let [a, b] = [1, 0]
  for (const byte of data) {
    a = (a + byte) % 65521
    b = (b + a) % 65521
  }
  return ((b << 16) | a) >>> 0
}

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c
})

/** CRC-32 of `data`, or of what gave `before` followed by `data`. */
export function crc32(data: Uint8Array, before = 0): number {
  let c = ~before
  for (let i = 0; i < data.length; i++) c = (crcTable[(c ^ (data[i] ?? 0)) & 0xff] ?? 0) ^ (c >>> 8)
  return ~c >>> 0
}

const latin1 = (bytes: Uint8Array) => String.fromCharCode(...bytes)
const latin1Bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0))
