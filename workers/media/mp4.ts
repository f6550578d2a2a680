/**
 * How many frames an MP4 holds, told by its own tables, and whether all that they tell of is there.
 */

import type { Read } from './container.ts'

/**
 * The samples of the first video track (ISO/IEC 14496-12: `stsz`, 8.7.3.2, of the track whose `hdlr`, 8.4.3, says
 * `vide`); 0 where there is none.
 * @param size of the file, bytes.
 */
export async function countPictures(read: Read, size: number): Promise<number> {
  const movie = await findMovie(read, size)
  if (!movie) return 0
  for (const track of boxesIn(movie)) {
    const media = track.name === 'trak' && inside(track.body, 'mdia')
    const handler = media && inside(media, 'hdlr')
    const sizes = media && inside(media, 'minf', 'stbl', 'stsz')
    if (handler && sizes && nameAt(handler, 8) === 'vide') return sizes.getUint32(8)
  }
  return 0
}

/**
 * What is wrong with an MP4 of ours: it ends early, has another number of frames, or frames that were never written. A
 * full disk leaves such files, and old builds of ffmpeg do not say so.
 * @param frames how many there should be; null where that is not known.
 * @returns null where all is there.
 */
export async function findGap(read: Read, size: number, frames: number | null): Promise<string | null> {
  const movie = await findMovie(read, size)
  if (!movie) return 'its tables are missing'
  if (!(await endsAt(read, size))) return 'its end is missing'
  const found = await countPictures(read, size)
  if (frames !== null && found !== frames) return `it has ${found} frames instead of ${frames}`
  for (const { offset, length } of picturesOf(movie)) {
    const head = view(await read(offset, 4))
    // Each begins with the length of its first unit (ISO/IEC 14496-15, 5.3.3); what was never written reads as 0.
    const unit = head.byteLength === 4 ? head.getUint32(0) : 0
    if (unit === 0 || unit + 4 > length) return `a frame at byte ${offset} is not there`
  }
  return null
}

/** True where the outermost boxes end exactly with the file. */
async function endsAt(read: Read, size: number): Promise<boolean> {
  let offset = 0
  while (offset < size) {
    const head = view(await read(offset, 16))
    const length =
      head.byteLength >= 8 ? (head.getUint32(0) === 1 && head.byteLength < 16 ? 0 : lengthAt(head, 0)) : 0
    if (length < 8) return length === 0 && head.byteLength >= 8 && head.getUint32(0) === 0
    offset += length
  }
  return offset === size
}

/** Where each sample of the first H.264 track lies (14496-12: `stsz`, `stsc`, `stco` or `co64`). */
function* picturesOf(movie: DataView): Generator<{ offset: number; length: number }> {
  const tables = boxesIn(movie)
    .map(({ name, body }) => (name === 'trak' ? inside(body, 'mdia', 'minf', 'stbl') : null))
    .find((body) => body && isH264(body))
  const [sizes, runs] = [tables && inside(tables, 'stsz'), tables && inside(tables, 'stsc')]
  const [short, long] = [tables && inside(tables, 'stco'), tables && inside(tables, 'co64')]
  const chunks = short ?? long
  if (!sizes || !runs || !chunks) return
  let [sample, run] = [0, 0]
  for (let chunk = 0; chunk < chunks.getUint32(4); chunk++) {
    if (run + 1 < runs.getUint32(4) && runs.getUint32(8 + (run + 1) * 12) === chunk + 1) run++
    let offset = short ? chunks.getUint32(8 + chunk * 4) : Number(chunks.getBigUint64(8 + chunk * 8))
    for (let n = runs.getUint32(12 + run * 12); n > 0 && sample < sizes.getUint32(8); n--, sample++) {
      const length = sizes.getUint32(4) || sizes.getUint32(12 + sample * 4)
      yield { offset, length }
      offset += length
    }
  }
}

function isH264(tables: DataView): boolean {
  const kinds = inside(tables, 'stsd')
  return kinds !== null && kinds.byteLength >= 16 && nameAt(kinds, 12) === 'avc1'
}

/** The body of `moov`, wherever among the outermost boxes it lies. */
async function findMovie(read: Read, size: number): Promise<DataView | null> {
  for (let offset = 0; offset < size;) {
    const head = view(await read(offset, 16))
    if (head.byteLength < 16) return null
    const length = lengthAt(head, 0) || size - offset
    if (nameAt(head, 4) === 'moov') return view(await read(offset + 8, length - 8))
    if (length < 8) return null
    offset += length
  }
  return null
}

function inside(body: DataView, ...path: string[]): DataView | null {
  const [name, ...rest] = path
  const found = boxesIn(body).find((box) => box.name === name)?.body
  return found && rest.length > 0 ? inside(found, ...rest) : (found ?? null)
}

function boxesIn(body: DataView): { name: string; body: DataView }[] {
  const boxes = []
  for (let offset = 0; offset + 8 <= body.byteLength;) {
    const length = body.getUint32(offset)
    if (length < 8 || offset + length > body.byteLength) break
    boxes.push({
      name: nameAt(body, offset + 4),
      body: new DataView(body.buffer, body.byteOffset + offset + 8, length - 8),
    })
    offset += length
  }
  return boxes
}

/** 1 stands for a length in 64 bits that follows the name; 0 for all the rest. */
const lengthAt = (head: DataView, offset: number) =>
  head.getUint32(offset) === 1 ? Number(head.getBigUint64(offset + 8)) : head.getUint32(offset)

const nameAt = (bytes: DataView, offset: number) =>
  String.fromCharCode(...[0, 1, 2, 3].map((n) => bytes.getUint8(offset + n)))

const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
