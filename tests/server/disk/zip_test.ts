import { execFileSync } from 'node:child_process'
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import path from 'node:path'
import { crc32 } from 'node:zlib'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  centralHeader,
  descriptor,
  ending,
  localHeader,
  type Placed,
  zipBytes,
} from '../../../server/disk/zip_format.ts'
import { folder } from '../../media.ts'

const modified = new Date(2026, 10, 20, 11, 0, 2).getTime()

const zips = suite('zip')

zips('beyond 4 GiB an archive is read by others, and is as long as was told', () => {
  const large = { name: 'Masters/R&D – café.mov', bytes: 2 ** 32 + 5, modified, crc: 0x12345678 }
  const small = { name: 'after.txt', bytes: 2, modified, crc: crc32('ok') }
  const file = path.join(folder(), 'large.zip')
  const out = openSync(file, 'w')
  const placed: Placed[] = []
  let at = 0
  const write = (bytes: Uint8Array) => void (at += writeSync(out, bytes, 0, bytes.length, at))
  for (const entry of [large, small]) {
    placed.push({ ...entry, offset: at })
    write(localHeader(entry))
    if (entry === large)
      at += entry.bytes // a hole, that reads as zeros
    else write(new TextEncoder().encode('ok'))
    write(descriptor(entry))
  }
  const offset = at
  for (const entry of placed) write(centralHeader(entry))
  write(ending({ count: placed.length, size: at - offset, offset }))
  ftruncateSync(out, at)
  closeSync(out)
  assert.is(zipBytes([large, small]), at)
  const told = python(
    'print(json.dumps([[i.filename, i.file_size, i.CRC, i.date_time[4:]] for i in z.infolist()] + [z.read("after.txt").decode()]))',
    file,
  )
  if (told)
    assert.equal(told, [
      [large.name, large.bytes, large.crc, [0, 2]],
      ['after.txt', 2, small.crc, [0, 2]],
      'ok',
    ])
})

zips('more than 65,535 entries are counted', () => {
  const count = 65_600
  const parts: Uint8Array[] = []
  const entries = Array.from({ length: count }, (_, index) => ({
    name: `${index}`,
    bytes: 0,
    modified,
    crc: 0,
  }))
  let offset = 0
  const placed = entries.map((entry) => {
    const here = { ...entry, offset }
    parts.push(localHeader(entry), descriptor(entry))
    offset += 46 - 16 + entry.name.length + 16
    return here
  })
  const list = placed.map((entry) => centralHeader(entry))
  const size = list.reduce((sum, { length }) => sum + length, 0)
  const whole = Buffer.concat([...parts, ...list, ending({ count, size, offset })])
  assert.is(zipBytes(entries), whole.length)
  const file = path.join(folder(), 'many.zip')
  const out = openSync(file, 'w')
  writeSync(out, whole)
  closeSync(out)
  const told = python('print(json.dumps(len(z.namelist())))', file)
  if (told !== null) assert.is(told, count)
})

zips.run()

/** What Python's own reader says; null, said aloud, where there is no Python. */
function python(script: string, file: string): unknown {
  const whole = `import zipfile,json,sys; z=zipfile.ZipFile(sys.argv[1]); ${script}`
  try {
    return JSON.parse(execFileSync('python3', ['-c', whole, file]).toString())
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    console.log('SKIPPED: reading the ZIP (no python3)')
    return null
  }
}
