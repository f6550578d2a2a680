/**
 * Where a container says that it ends: a file that is shorter has lost its tail.
 */

/** Reads up to `length` bytes at `offset`. */
export type Read = (offset: number, length: number) => Promise<Uint8Array>

/**
 * The size that the file's own structure claims, bytes; null where it claims none.
 * MP4 and MOV: ISO/IEC 14496-12, 4.2 (boxes). Matroska and WebM: RFC 8794, 4 and 5 (EBML elements).
 */
export async function claimedSize(read: Read, size: number): Promise<number | null> {
  const head = view(await read(0, 64))
  if (head.byteLength < 16) return null
  if (head.getUint32(0) === ebmlHeader) return matroskaSize(head)
  return isoStarts.has(name(head, 4)) ? isoSize(read, size) : null
}

const isoStarts = new Set(['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip', 'pnot'])

/** Far more top-level boxes than a file has that is not made of fragments; in one of those the rest is skipped. */
const manyBoxes = 2000

async function isoSize(read: Read, size: number): Promise<number | null> {
  let offset = 0
  for (let box = 0; offset < size && box < manyBoxes; box++) {
    const head = view(await read(offset, 16))
    // Fewer than eight bytes, or no name: padding that players ignore.
    if (head.byteLength < 8 || !/^[\w\s©-]{4}$/.test(name(head, 4))) return size
    const short = head.getUint32(0)
    if (short === 0) return size
    if (short === 1 && head.byteLength < 16) return offset + 16
    const length = short === 1 ? Number(head.getBigUint64(8)) : short
    if (length < 8) return null
    offset += length
  }
  return offset
}

const ebmlHeader = 0x1a45dfa3
const segment = 0x18538067

function matroskaSize(head: DataView): number | null {
  const header = ebmlLength(head, 4)
  const start = header && header.end + header.value
  if (!start || start + 12 > head.byteLength || head.getUint32(start) !== segment) return null
  const body = ebmlLength(head, start + 4)
  return body && body.end + body.value
}

/** A length of 1 to 8 bytes; null where it is the one that means "unknown". */
function ebmlLength(bytes: DataView, offset: number): { value: number; end: number } | null {
  const length = Math.clz32(bytes.getUint8(offset)) - 23
  if (length > 8 || offset + length > bytes.byteLength) return null
  let value = BigInt(bytes.getUint8(offset) & ((1 << (8 - length)) - 1))
  for (let n = 1; n < length; n++) value = (value << 8n) | BigInt(bytes.getUint8(offset + n))
  const unknown = (1n << BigInt(7 * length)) - 1n
  return value === unknown ? null : { value: Number(value), end: offset + length }
}

const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

const name = (bytes: DataView, offset: number) =>
  String.fromCharCode(...[0, 1, 2, 3].map((n) => bytes.getUint8(offset + n)))
