/**
 * The bytes of a ZIP around its files: stored as they are, checksums after them, ZIP64 where 32 bits are too few.
 * After APPNOTE.TXT 6.3.10; sections are named where they are used.
 */

export interface ZipEntry {
  /** With `/`. */
  name: string
  bytes: number
  /** Milliseconds since 1970. */
  modified: number
}

/** Where an entry lies in the archive, and the CRC-32 of its bytes. */
export interface Placed extends ZipEntry {
  offset: number
  crc: number
}

const [most16, most32] = [0xffff, 0xffffffff]

/** Bit 3: size and CRC follow the bytes. Bit 11: the name is UTF-8. */
const flags = 0x0808

/** 4.3.7 */
export function localHeader({ name, bytes, modified }: ZipEntry): Uint8Array {
  const isLarge = bytes >= most32
  const extra = isLarge ? bytesOf([2, 1], [2, 16], [8, 0], [8, 0]) : none
  const size = isLarge ? most32 : 0
  const utf8 = encode(name)
  return joined(
    bytesOf([4, 0x04034b50], [2, isLarge ? 45 : 20], [2, flags], [2, 0], [4, dosTime(modified)], [4, 0]),
    bytesOf([4, size], [4, size], [2, utf8.length], [2, extra.length]),
    utf8,
    extra,
  )
}

/** 4.3.9: what follows the bytes of an entry. */
export function descriptor({ bytes, crc }: Pick<Placed, 'bytes' | 'crc'>): Uint8Array {
  const width = bytes >= most32 ? 8 : 4
  return bytesOf([4, 0x08074b50], [4, crc], [width, bytes], [width, bytes])
}

/** 4.3.12: the entry's line in the list at the end. */
export function centralHeader({ name, bytes, modified, offset, crc }: Placed): Uint8Array {
  const utf8 = encode(name)
  const large = [...(bytes >= most32 ? [bytes, bytes] : []), ...(offset >= most32 ? [offset] : [])]
  const extra =
    large.length > 0
      ? bytesOf([2, 1], [2, 8 * large.length], ...large.map((value) => [8, value] as const))
      : none
  const size = Math.min(bytes, most32)
  return joined(
    bytesOf([4, 0x02014b50], [2, madeBy], [2, large.length > 0 ? 45 : 20], [2, flags], [2, 0]),
    bytesOf([4, dosTime(modified)], [4, crc], [4, size], [4, size], [2, utf8.length], [2, extra.length]),
    bytesOf([2, 0], [2, 0], [2, 0], [4, ordinaryFile], [4, Math.min(offset, most32)]),
    utf8,
    extra,
  )
}

/** Unix, version 4.5 of the format; its file mode lies in the upper half of the attributes: `-rw-r--r--`. */
const [madeBy, ordinaryFile] = [0x032d, 0o100644 * 0x10000]

/** 4.3.14 to 4.3.16: how many entries there are, and where their list lies. */
export function ending({ count, size, offset }: { count: number; size: number; offset: number }): Uint8Array {
  const isLarge = count >= most16 || size >= most32 || offset >= most32
  const large = isLarge
    ? [
        bytesOf([4, 0x06064b50], [8, 44], [2, madeBy], [2, 45], [4, 0], [4, 0]),
        bytesOf([8, count], [8, count], [8, size], [8, offset]),
        bytesOf([4, 0x07064b50], [4, 0], [8, offset + size], [4, 1]),
      ]
    : []
  const counted = Math.min(count, most16)
  return joined(
    ...large,
    bytesOf([4, 0x06054b50], [2, 0], [2, 0], [2, counted], [2, counted]),
    bytesOf([4, Math.min(size, most32)], [4, Math.min(offset, most32)], [2, 0]),
  )
}

/** Bytes of the whole archive of these entries. */
export function zipBytes(entries: ZipEntry[]): number {
  let [offset, size] = [0, 0]
  for (const entry of entries) {
    const placed = { ...entry, offset, crc: 0 }
    offset += localHeader(entry).length + entry.bytes + descriptor(placed).length
    size += centralHeader(placed).length
  }
  return offset + size + ending({ count: entries.length, size, offset }).length
}

/** Two seconds are the least it knows, 1980 to 2107 all it reaches. */
function dosTime(milliseconds: number): number {
  const at = new Date(milliseconds)
  const year = Math.min(Math.max(at.getFullYear(), 1980), 2107) - 1980
  const date = (year << 9) | ((at.getMonth() + 1) << 5) | at.getDate()
  const time = (at.getHours() << 11) | (at.getMinutes() << 5) | (at.getSeconds() >> 1)
  return date * 0x10000 + time
}

const none = new Uint8Array()
const encoder = new TextEncoder()
const encode = (text: string): Uint8Array => encoder.encode(text)

/** Little-endian numbers, each with its width in bytes. */
function bytesOf(...fields: (readonly [width: 2 | 4 | 8, value: number])[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [width]) => sum + width, 0)))
  let at = 0
  for (const [width, value] of fields) {
    if (width === 2) view.setUint16(at, value, true)
    else if (width === 4) view.setUint32(at, value, true)
    else view.setBigUint64(at, BigInt(value), true)
    at += width
  }
  return new Uint8Array(view.buffer)
}

function joined(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
