/**
 * What the routes are given to work with: everything that needs a disk, a process or a clock is behind this,
 * so that the app itself runs wherever Request and Response do.
 */

import type { Db, MaintenanceTask, Operation, Root, Scene, Session, StateImport } from '../db/schema.ts'
import type { Detector, Measured } from '../workers/detectors/detector.ts'
import type { Outlook } from '../workers/media/estimates.ts'
import type { StoredBackup } from '../db/backup_files.ts'
import type { ImportReport } from '../db/import_state.ts'
import type { Restore } from '../db/edits.ts'
import type { Browse, Contents, Rows } from '../db/look.ts'
import type { PresetSettings } from '../workers/media/presets.ts'
import type { Probe } from '../workers/media/probe.ts'
import type { Preview } from '../workers/preset_preview.ts'
import type {
  Expectation,
  Expected,
  FixityData,
  HealthData,
  LogEntry,
  LogLevel,
  MaintenanceData,
  RetentionPlan,
  RoomData,
  RunData,
} from '../templates/data.ts'
import type { ArchiveOrder } from './commands/archive.ts'
import type { StaleOutputs } from './commands/remake.ts'
import type { ResearchLook } from './disk/look_rd.ts'

export interface Services {
  db: Db
  roots: { media: Root; output: Root }
  sessions: SessionCommands
  disk: Disk
  pictures: Pictures
  previews: Previews
  estimates: Estimates
  registry: Registry
  measures: Measures
  proxies: Proxies
  feed: Feed
  assets: Assets
  machine: Machine
  log: Log
  upkeep: Upkeep
  keeping: Keeping
  /**
   * Declares a folder of the server, by its absolute path, as one that outputs may go to.
   * @param by who asks, or null.
   * @returns why that cannot be; null where it is done.
   */
  addOutputRoot(folder: string, name: string | null, by: string | null): Promise<string | null>
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
  /** Makes again what is out of date, and only that. */
  remake(key: string, options: { leftovers: boolean }): Promise<void>
  /** What is out of date, and why. */
  stale(key: string): Promise<StaleOutputs>
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
  /** A JPEG of one frame of the master, or of its version for the web; null where it cannot be had. */
  compared(session: Session, wanted: { side: 'master' | 'web'; frame: number }): Promise<Uint8Array | null>
  /** All given scenes on one JPEG, in their order, each with its number, first timecode (`timecodes`) and length. */
  contactSheet(session: Session, scenes: readonly Scene[], timecodes: readonly string[]): Promise<Uint8Array>
  /** A JPEG of 320 px of one frame of a scene, from the sheets or, failing them, from the master; null where neither is there. */
  ofScene(session: Session, number: number): Promise<Uint8Array | null>
  /** The same of one frame, by its number and a time (seconds from the first frame) shortly before it is shown. */
  ofFrame(session: Session, frame: number, before: number): Promise<Uint8Array | null>
}

/** Files held against what lies on disk. */
export interface Registry {
  /** Begins to read a file again, to compare it with what was recorded; what is found is in its row then. @throws AppError `file_not_found`. */
  verify(key: string): Promise<void>
  /** Begins to look for every file, and for what is unknown, unless that goes on already. */
  survey(): Promise<void>
  /** Lets others have their turn. */
  pause(): Promise<void>
}

/** What work is expected to take. */
export interface Estimates {
  /** Null where nothing can be said of it. */
  ofSession(known: KnownSession): Promise<Expectation | null>
  /** Bytes a second of clip, where the session's own files do not tell; null before its master was looked at. */
  clipRate(known: KnownSession): Promise<number | null>
  /** Of an archive that has not been ordered yet. */
  ofOrder(order: Pick<Outlook, 'probe' | 'preset' | 'encoder' | 'research'>): Promise<Expected>
}

export interface KnownSession {
  session: Session
  operations: readonly Operation[]
  scenes: readonly Scene[]
  groups: readonly { scenes: readonly number[] }[]
}

/** Light copies of masters, for browsers that cannot play these. */
export interface Proxies {
  state(session: Session): Promise<ProxyState>
  /** Begins to make one, unless it is being made. @throws AppError `not_measured` before the master was looked at. */
  start(session: Session): Promise<void>
  /** @throws AppError `file_not_found` where there is none. */
  open(session: Session): Promise<OpenFile>
}

export interface ProxyState {
  state: 'none' | 'making' | 'ready' | 'failed'
  /** 0 to 1. */
  progress: number
}

/** What was measured of the frames of masters. */
export interface Measures {
  /**
   * All that this detector reads of the session's master.
   * @throws AppError `not_measured` before it was.
   */
  of(sessionId: number, detector: Pick<Detector, 'reads'>): Promise<MeasuredFilm>
  /** Lets others have their turn in a long piece of work. */
  pause(): Promise<void>
}

export interface MeasuredFilm extends Measured {
  frames: number
  /** What was worked out of it, by a name that says all that it depends on; goes with the film. */
  remembered: Map<string, unknown>
}

/** What a preset would make of one frame of a film under the media root. */
export interface Previews {
  /** @throws AppError in words, where it cannot be made; the signal's reason where nobody waits any more. */
  of(order: PreviewOrder): Promise<ShownPreview>
  /** A JPEG; null where it is not kept any more. */
  picture(key: string, side: 'before' | 'after'): Promise<Uint8Array | null>
}

export interface PreviewOrder {
  /** Relative to the media root. */
  master: string
  /** Seconds; null for the middle, as many films begin in black. */
  at: number | null
  settings: PresetSettings
  signal: AbortSignal
}

export interface ShownPreview extends Preview {
  key: string
  /** The film has sound. */
  sound: boolean
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
  /** Filters that not every build has, of those it has. */
  filters: readonly string[]
}

/** Facts that go with a line of the log: `session` and `operation` are what it can be searched by. */
export type Facts = Record<string, unknown> & { session?: string; operation?: string }

/** What happened, for whoever looks later. Secrets are taken out of every line. */
export interface Log {
  debug(message: string, facts?: Facts): void
  info(message: string, facts?: Facts): void
  /** Said on stderr, too. */
  warn(message: string, facts?: Facts): void
  /** Said on stderr, too; the log has the stack and the causes. */
  error(error: unknown, facts?: Facts): void
}

export interface LogSearch {
  /** The key of one session. */
  session?: string | undefined
  /** This and what is worse; all unless given. */
  level?: LogLevel | undefined
  /** What the page before ended with. */
  before?: string | undefined
  limit: number
}

export interface LogPage {
  /** Newest first. */
  entries: LogEntry[]
  /** For the page of what is older; null where there is nothing. */
  before: string | null
}

/** What keeps the studio's work in order: health, log, clean-up, checks. */
export interface Upkeep {
  /** Cheap; looked at anew once a second at most. */
  pulse(): Promise<Pulse>
  health(): Promise<HealthData>
  /** The disk of the outputs: what is free, kept free, and promised to sessions. */
  room(): Promise<RoomData>
  readLog(search: LogSearch): Promise<LogPage>
  maintenance(): Promise<MaintenanceData>
  /** Begins a task; what comes of it is in its run. `by`: who asks, or null. @throws AppError `maintenance_running`. */
  run(task: MaintenanceTask, by: string | null): Promise<void>
  /** What retention would take now. */
  planRetention(withOutputs: boolean): Promise<RetentionPlan>
  /** Takes what a dry run at that time (UTC, as the database has it) named. @throws AppError `maintenance_running`. */
  applyRetention(order: { withOutputs: boolean; at: string }, by: string | null): Promise<void>
  fixity(): Promise<FixityData>
  /** Begins to verify all outputs, or those of one session. @throws AppError `maintenance_running`, `session_not_found`. */
  verify(session: string | undefined, by: string | null): Promise<void>
}

/** Whether all that Cutroom stands on answers; nothing here is a secret. */
export interface Pulse {
  ok: boolean
  version: string
  /** Seconds. */
  uptime: number
  database: { ok: boolean }
  disk: { ok: boolean; freeBytes: number | null; reserveBytes: number | null }
  /** The engine looks at its queue several times a second; what is older than a minute is stuck. */
  engine: { ok: boolean; secondsSinceTurn: number }
  pool: { ok: boolean; threads: number; queued: number }
}

/** The database itself: looked into without changing it, backed up, put back. */
export interface Keeping {
  /** Without sizes, and counting small tables only: at once. */
  glance(): Contents
  /** Counts every row: a second for some 500 MB. @throws AppError `not_answered` where that takes too long. */
  look(): Promise<Contents>
  /** @throws AppError `page_not_found`, `not_answered`. */
  browse(asked: Browse): Promise<Rows>
  /** At most 500 rows, in at most five seconds. @throws AppError `not_answered` with the reason. */
  query(text: string): Promise<Rows>
  /** All of a table or view. */
  export(name: string, format: 'csv' | 'json'): ReadableStream<Uint8Array>
  /**
   * Takes in a `state.db` of the Video Archive Tool that lies under the media folder, by its path there.
   * @param by who asks, or null.
   * @throws AppError `file_not_found`, `not_state_db`.
   */
  importState(path: string, by: string | null): Promise<ImportReport>
  /** What was taken in so far, newest first. */
  imports(): Promise<StateImport[]>
  /** Newest first. */
  backups(): Promise<BackupList>
  /**
   * Checks the backup, then has the server begin anew with it; requests wait meanwhile.
   * @throws AppError `backup_not_found`, `backup_unusable`, `cannot_restart`: nothing was changed.
   */
  restore(name: string): Promise<void>
}

export interface BackupList {
  list: StoredBackup[]
  /** Where they lie. */
  folder: string
  /** Whether one is being made now. */
  isMaking: boolean
  /** Which of them the database was restored from last; null where it never was. */
  restored: Restore | null
  /** How the last one went that was asked for here or was on schedule. */
  last: RunData | null
}
