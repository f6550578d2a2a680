/**
 * The form in which a folder lies in the single executable: a list of its files, then their gzipped bytes.
 */

export interface Packed {
  /** Relative, with slashes. */
  path: string
  mode: number
  bytes: number
  sha256: string
  /** Where its gzipped bytes lie behind the list, and how many they are. */
  at: number
  length: number
}

/** The list comes first, behind its length in bytes as a 32-bit number, low byte first. */
export function joinPack(list: Packed[], parts: Uint8Array[]): Buffer {
  const head = Buffer.from(JSON.stringify(list))
  const size = Buffer.alloc(4)
  size.writeUInt32LE(head.length)
  return Buffer.concat([size, head, ...parts])
}

/** @returns the list, and the gzipped bytes of one of its files. */
export function readPack(pack: Buffer): { list: Packed[]; part(file: Packed): Uint8Array } {
  const end = 4 + pack.readUInt32LE(0)
  const list = JSON.parse(pack.toString('utf8', 4, end)) as Packed[]
  return { list, part: ({ at, length }) => pack.subarray(end + at, end + at + length) }
}
