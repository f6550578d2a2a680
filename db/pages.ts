/**
 * SQLite's file format, as far as it takes to find tables whose schema cannot be read any more
 * (https://www.sqlite.org/fileformat2.html).
 */

import Sqlite from 'better-sqlite3'
import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync, writeSync } from 'node:fs'

const interiorTable = 5
const leafTable = 13
const sizes = [4096, 512, 1024, 2048, 8192, 16_384, 32_768, 65_536]

/** A file of pages, the first of which may be anything. */
export interface PageFile {
  pageSize: number
  /** How many there are. */
  pages: number
  /** By its number, from 1. */
  read(number: number): Buffer
  write(number: number, page: Buffer): void
  close(): void
}

export function openPages(file: string): PageFile {
  const handle = openSync(file, 'r+')
  const bytes = fstatSync(handle).size
  const readAt = (length: number, position: number) => {
    const page = Buffer.alloc(length)
    readSync(handle, page, 0, length, position)
    return page
  }
  const pageSize = guessPageSize(readAt, bytes)
  return {
    pageSize,
    pages: Math.ceil(bytes / pageSize),
    read: (number) => readAt(pageSize, (number - 1) * pageSize),
    write: (number, page) => void writeSync(handle, page, 0, pageSize, (number - 1) * pageSize),
    close: () => closeSync(handle),
  }
}

/** What the header says; where that is gone, the size at whose multiples pages of tables begin most often. */
function guessPageSize(readAt: (length: number, position: number) => Buffer, bytes: number): number {
  const header = readAt(100, 0)
  const told = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16)
  if (header.toString('latin1', 0, 15) === 'SQLite format 3' && sizes.includes(told)) return told
  const share = (size: number) => {
    const count = Math.min(2000, Math.floor(bytes / size))
    const looked = Array.from({ length: count }, (_, n) => readAt(1, n * size)[0] ?? 0)
    return looked.filter((type) => [2, 5, 10, 13].includes(type)).length / Math.max(1, count)
  }
  // The smallest of those that fit best, save that ours are of 4096.
  return sizes.reduce((best, size) => (share(size) > share(best) * 1.5 ? size : best))
}

/** Plays a journal into its database, up to the last whole transaction; the header need not be readable. */
export function playJournal(database: string, journal: string): void {
  if (!existsSync(journal)) return
  const wal = readFileSync(journal)
  if (wal.length < 32 || (wal.readUInt32BE(0) & 0xfffffffe) !== 0x377f0682) return
  const pageSize = wal.readUInt32BE(8)
  const salt = wal.subarray(16, 24)
  const frames: { number: number; page: Buffer; commits: boolean }[] = []
  for (let at = 32; at + 24 + pageSize <= wal.length; at += 24 + pageSize) {
    if (!wal.subarray(at + 8, at + 16).equals(salt)) break
    const page = wal.subarray(at + 24, at + 24 + pageSize)
    frames.push({ number: wal.readUInt32BE(at), page, commits: wal.readUInt32BE(at + 4) > 0 })
  }
  const handle = openSync(database, 'r+')
  try {
    for (const { number, page } of frames.slice(0, frames.findLastIndex(({ commits }) => commits) + 1))
      writeSync(handle, page, 0, pageSize, (number - 1) * pageSize)
  } finally {
    closeSync(handle)
  }
}

export interface Roots {
  /** Where each table begins whose entry in the schema could be found. */
  named: Map<string, number>
  /** Where tables with rows begin that no entry was found for, with the number of columns of their first row. */
  unnamed: { root: number; columns: number }[]
}

/** Looks through every page for entries of the schema, and for tables that none of them names. */
export function findRoots(file: PageFile): Roots {
  const named = new Map<string, number>()
  const tops = new Map<number, number>()
  const children = new Set<number>()
  for (let number = 2; number <= file.pages; number += 1) {
    const page = file.read(number)
    if (page[0] === interiorTable) {
      tops.set(number, columnsBelow(file, number))
      for (const child of childrenOf(page)) children.add(child)
    }
    if (page[0] !== leafTable) continue
    const records = recordsOf(page)
    const entries = records.map(schemaEntry)
    if (entries.some((entry) => entry !== null)) {
      for (const entry of entries) if (entry?.type === 'table') named.set(entry.name, entry.root)
    } else if (records.length > 0) tops.set(number, records[0]?.length ?? 0)
  }
  const known = new Set(named.values())
  const unnamed = [...tops].filter(([root]) => !children.has(root) && !known.has(root))
  return { named, unnamed: unnamed.map(([root, columns]) => ({ root, columns })) }
}

/** How many columns the first row has that lies below a page; 0 where none can be reached. */
function columnsBelow(file: PageFile, number: number, depth = 0): number {
  if (depth > 10 || number < 1 || number > file.pages) return 0
  const page = file.read(number)
  if (page[0] === leafTable) return recordsOf(page)[0]?.length ?? 0
  if (page[0] !== interiorTable) return 0
  for (const child of childrenOf(page)) {
    const columns = columnsBelow(file, child, depth + 1)
    if (columns > 0) return columns
  }
  return 0
}

function childrenOf(page: Buffer): number[] {
  const cells = cellsOf(page, 12).map((at) => page.readUInt32BE(at))
  return [...cells, page.readUInt32BE(8)]
}

/** Offsets of the cells, those left out that lie outside. */
function cellsOf(page: Buffer, headerBytes: number): number[] {
  const count = Math.min(page.readUInt16BE(3), Math.floor((page.length - headerBytes) / 2))
  return Array.from({ length: count }, (_, n) => page.readUInt16BE(headerBytes + 2 * n)).filter(
    (at) => at >= headerBytes && at + 4 <= page.length,
  )
}

type Value = string | number | null

/** The values of each row of a leaf, as far as they lie on the page; long texts are cut short. */
function recordsOf(page: Buffer): Value[][] {
  return cellsOf(page, 8).map((at) => {
    try {
      const [, afterSize] = varint(page, at)
      const [, afterRowid] = varint(page, afterSize)
      return recordAt(page, afterRowid)
    } catch {
      return []
    }
  })
}

function recordAt(page: Buffer, at: number): Value[] {
  const [headerSize, first] = varint(page, at)
  const types: number[] = []
  let next = first
  while (next < at + headerSize) {
    const [type, after] = varint(page, next)
    types.push(type)
    next = after
  }
  let place = at + headerSize
  return types.map((type) => {
    const bytes = bytesOf(type)
    const value = valueOf(page.subarray(place, place + bytes), type)
    place += bytes
    return value
  })
}

const bytesOf = (type: number) =>
  type >= 12 ? Math.floor((type - 12) / 2) : ([0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0][type] ?? 0)

function valueOf(bytes: Buffer, type: number): Value {
  if (type >= 13 && type % 2 === 1) return bytes.toString('utf8')
  if (type >= 1 && type <= 4 && bytes.length === type) return bytes.readIntBE(0, type)
  if (type === 8 || type === 9) return type - 8
  return null
}

function varint(page: Buffer, at: number): [value: number, next: number] {
  let value = 0
  for (let n = 0; n < 9; n += 1) {
    const byte = page.readUInt8(at + n)
    if (n === 8) return [value * 256 + byte, at + 9]
    value = value * 128 + (byte & 127)
    if (byte < 128) return [value, at + n + 1]
  }
  throw new RangeError('no varint')
}

function schemaEntry(record: Value[]): { type: string; name: string; root: number } | null {
  const [type, name, , root] = record
  if (record.length !== 5 || typeof type !== 'string' || typeof name !== 'string') return null
  if (!['table', 'index', 'view', 'trigger'].includes(type) || typeof root !== 'number') return null
  return { type, name, root }
}

/**
 * Gives the file a first page whose schema has one table that begins at `root`, so that SQLite can read it again.
 * @param columns what stands between the brackets of its `create table`.
 */
export function nameOneTable(file: PageFile, table: string, columns: string, root: number): void {
  const handle = new Sqlite(':memory:')
  handle.pragma(`page_size = ${file.pageSize}`)
  handle.exec(`create table ${table} (${columns})`)
  handle.unsafeMode()
  handle.pragma('writable_schema = on')
  handle.prepare('update sqlite_master set rootpage = ?').run(root)
  const page = handle.serialize().subarray(0, file.pageSize)
  handle.close()
  page.writeUInt32BE(file.pages, 28)
  // What is free cannot be told any more, and nothing will be written.
  page.fill(0, 32, 40)
  file.write(1, page)
}
