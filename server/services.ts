/**
 * What the routes are given to work with: everything that needs a disk, a process or a clock is behind this,
 * so that the app itself runs wherever Request and Response do.
 */

import type { Db, Root, Session } from '../db/schema.ts'
import type { Probe } from '../workers/media/probe.ts'
import type { ArchiveOrder } from './commands/archive.ts'

export interface Services {
  db: Db
  roots: { media: Root; output: Root }
  sessions: SessionCommands
  disk: Disk
  pictures: Pictures
  feed: Feed
  assets: Assets
  machine: Machine
  /** Absolute path of the short film that comes along. */
  sample: string
  /** Where errors that nobody is told of go. */
  onError(error: unknown): void
  /** Names this server answers to besides loopback, lower case, without port. */
  hosts: readonly string[]
}

/** Each throws AppError; what it changes is in the database when it returns. */
export interface SessionCommands {
  order(order: ArchiveOrder): Promise<Session>
  resume(key: string): Promise<Session>
  retry(key: string, operation: string): Promise<void>
  pause(key: string): Promise<void>
  cancel(key: string): Promise<void>
  remove(key: string, options: { withOutputs: boolean }): Promise<void>
  /** Absolute path of the project folder; null before it was claimed. */
  outputFolder(session: Session): Promise<string | null>
}

/** Files and folders under the roots, and nothing outside them, ever. Paths are relative, with `/`. */
export interface Disk {
  /** @throws AppError `folder_not_found`. */
  list(root: Root, path: string): Promise<Listing>
  /** What a new archive should know of its master. @throws AppError `master_not_found`; the probe's own sentence is in `refusal`. */
  look(root: Root, path: string): Promise<Look>
  /** What an archive would take from an R&D folder, and those below it. @throws AppError `folder_not_found`. */
  lookAtResearch(root: Root, path: string): Promise<ResearchLook>
  /** Bytes free where the root lies, or will lie. */
  free(root: Root): Promise<number>
  /** Absolute path for what lies under a root. @throws AppError where it does not. */
  resolve(root: Root, path: string): Promise<string>
  /** @throws AppError `file_not_found` where the file is gone. */
  open(file: StoredFile): Promise<OpenFile>
  /** Files as one ZIP under the names given; those that are gone are named in a note inside it. */
  zip(files: (StoredFile & { name: string })[]): Promise<ZipStream>
}

export interface Listing {
  path: string
  folders: Entry[]
  files: (Entry & { kind: 'video' | 'image' | 'audio' | 'other' })[]
}

export interface Entry {
  name: string
  bytes: number
  /** ISO 8601. */
  modified: string
}

export interface Look {
  probe: Probe | null
  /** Why it cannot be a master. */
  refusal: string | null
  warnings: string[]
  /** Bytes that an archive of it will need, roughly. */
  bytesNeeded: number
}

export interface ResearchLook {
  /** Pictures and videos. */
  files: number
  bytes: number
}

/** The columns of a file row that tell where it is. */
export interface StoredFile {
  key: string
  root_path: string
  path: string
}

export interface OpenFile {
  bytes: number
  /** Milliseconds since 1970. */
  modified: number
  /** `start` to `end` inclusive; the file is closed when the stream ends or is cancelled. */
  stream(start: number, end: number): ReadableStream<Uint8Array>
  /** For who does not stream it; once more does nothing. */
  close(): Promise<void>
}

export interface ZipStream {
  /** Of the whole archive, known before its first byte. */
  bytes: number
  stream(): ReadableStream<Uint8Array>
}

export interface Pictures {
  /** A JPEG of 320 px of one frame of a scene, from the sheets or, failing them, from the master; null where neither is there. */
  ofScene(session: Session, number: number): Promise<Uint8Array | null>
}

/** What changed, told once and heard by everyone. */
export interface Feed {
  /** Server-sent events for one browser, from after event `id` on. */
  stream(after: number): ReadableStream<Uint8Array>
  /** The same messages since `id`, once: HTML fragments and the id they lead up to. */
  since(after: number): Promise<{ id: number; html: string }>
}

/** Style, icons, islands and htmx: what the package itself serves. */
export interface Assets {
  /** By its name under /static; null where there is none. */
  open(name: string): Promise<{ body: Uint8Array; type: string; etag: string } | null>
  /** The hash of what it holds; asked for with it as `?v=`, it may be kept for good. */
  version(name: string): string | undefined
}

export interface Machine {
  version: string
  ffmpeg: string
  nvenc: boolean
  cores: number
}
