/**
 * What the fragments are made from: rows, as they stand.
 */

import type { Accuracy, Range } from '../workers/media/estimates.ts'
import type { Damage, ProofCounts, ShownFile } from '../db/files.ts'
import type { Edits } from '../db/room_edits.ts'
import type { BadFile } from '../db/fixity.ts'
import type {
  History,
  MaintenanceRun,
  MaintenanceTask,
  Operation,
  Preset,
  Scene,
  Session,
  SessionProgress,
  SessionStatus,
} from '../db/schema.ts'
import type { Frequency } from '../db/settings.ts'

/** One session and all its rows. */
export interface SessionData {
  session: Session
  progress: SessionProgress
  operations: Operation[]
  scenes: Scene[]
  groups: GroupData[]
  /** The source first. */
  files: ShownFile[]
  /** How many outputs are known to be whole, and how many not. */
  proof: ProofCounts
  /** How many can be made again. */
  damage: Damage
  /** What was done to its scenes, and can be undone. */
  edits: Edits
  detectors: readonly DetectorOffer[]
  presetName: string
  /** Bytes a second that its clips will take, roughly; null where nothing tells, or it is chosen already. */
  clipRate: number | null
  /** Time left and size; null where nothing can be said of them. */
  expectation: Expectation | null
  /** Absolute path of the R&D folder; null where none was given. */
  rdFolder: string | null
  /** Absolute path of the project folder; null before it was claimed. */
  folder: string | null
}

/** Seconds or bytes. */
export interface ExpectedFigure {
  range: Range
  /** "from 14 clips like these". */
  basis: string
  /** What came of it; null before the end. */
  actual: number | null
}

/** What is expected of a session, and how right such estimates were. */
export interface Expectation {
  /** Seconds until the end; null where nothing is left to do. */
  left: { range: Range; basis: string } | null
  /** Seconds of all steps, told once there is an end to hold them against. */
  work: ExpectedFigure | null
  size: ExpectedFigure
  accuracy: Record<'seconds' | 'bytes', Accuracy>
}

/** What an archive is expected to take before it is ordered. */
export interface Expected {
  seconds: Range
  bytes: Range
  basis: string
}

/** A detector, as it is offered. */
export interface DetectorOffer {
  name: string
  summary: string
  threshold: { default: number; least: number; most: number }
  /** Where its threshold lies for this session. */
  line: number
}

export interface GroupData {
  key: string
  name: string | null
  /** Scene numbers in playing order. */
  scenes: number[]
}

/** What a card shows: enough for the start page without a session's files and cuts. */
export type CardData = Pick<SessionData, 'session' | 'progress' | 'operations'> & {
  /** Of the master; null before it was looked at. */
  duration: number | null
}

export interface HomeData {
  waiting: CardData[]
  running: CardData[]
  /** What ended last, newest first. */
  finished: History[]
  /** How many ever ended. */
  ended: number
}

export interface Totals {
  projects: number
  /** Of these so many are in the archive. */
  archived: number
  successful: number
  problems: number
  /** Seconds of film. */
  film: number
  files: number
  masterBytes: number
  outputBytes: number
  processingSeconds: number
}

export type PresetChoice = Pick<Preset, 'key' | 'name' | 'description' | 'use_count' | 'settings'>

/** From the least to the worst. */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof logLevels)[number]

/** A line of the log. */
export interface LogEntry {
  /** ISO 8601. */
  at: string
  level: LogLevel
  message: string
  /** Its key. */
  session: string | null
  operation: string | null
  /** Whatever else it says. */
  facts: Record<string, unknown>
}

export interface HealthData {
  /** What is not as it should be, each with what to do; empty where all is well. */
  complaints: string[]
  version: string
  node: string
  ffmpeg: { version: string; nvenc: boolean; filters: string[] }
  /** Seconds. */
  uptime: number
  memory: { resident: number; heap: number; total: number; free: number }
  /** How late the event loop was in the last ten minutes, milliseconds. */
  delay: { median: number; most: number }
  cores: number
  /** How many run, and how many may. */
  operations: { running: number; bound: number }
  /** `open` ones run or wait for their turn, `waiting` ones for a choice. */
  sessions: { open: number; waiting: number; paused: number }
  database: { path: string; bytes: number; journalBytes: number; version: string | null }
  lastBackup: RunData | null
  lastFixity: RunData | null
}

/** A run of a maintenance task. */
export type RunData = MaintenanceRun

export interface FilePlan {
  /** Absolute. */
  path: string
  bytes: number
}

/** A session whose time is over, and what goes with it. */
export interface SessionPlan {
  /** Its key. */
  session: string
  artwork: string
  status: SessionStatus
  /** When it completed, or when anything of it last changed. */
  since: string
  /** Table -> how many rows. */
  rows: Record<string, number>
  /** Roughly. */
  databaseBytes: number
  files: FilePlan[]
}

/** What retention would take: every row and file by its name. */
export interface RetentionPlan {
  limits: { unfinishedDays: number; finishedDays: number; historyDays: number; logDays: number; at: string }
  withOutputs: boolean
  sessions: SessionPlan[]
  /** Moves to the archive. */
  history: { session: string; artwork: string; completedAt: string }[]
  /** Steps whose warnings go; the rows stay. */
  texts: { session: string; operation: string; bytes: number }[]
  totals: {
    sessions: number
    rows: number
    history: number
    texts: number
    files: number
    fileBytes: number
    databaseBytes: number
  }
}

export interface MaintenanceData {
  /** What runs now, in any process. */
  running: RunData | null
  tasks: {
    task: MaintenanceTask
    last: RunData | null
    /** How often it runs by itself, and when next (UTC, as the database has it); null where it only runs when asked. */
    frequency: Frequency | null
    next: string | null
  }[]
  /** The latest, newest first. */
  runs: RunData[]
  enabled: boolean
  hour: number
}

export interface FixityData {
  /** Outputs with a checksum. */
  files: number
  bytes: number
  /** When the least recently verified one was (UTC, as the database has it); null before any was. */
  oldest: string | null
  missing: number
  changed: number
  gigabytesANight: number
  running: RunData | null
  last: RunData | null
  /** Outputs that are gone or not what they were, the latest found first. */
  bad: BadFile[]
}

/** The disk that outputs lie on, in bytes. */
export interface RoomData {
  free: number
  total: number
  /** Kept free in any case. */
  reserve: number
  /** What sessions that have begun will still write. */
  reserved: number
  /** What sessions that have not begun will need. */
  queued: number
  /** The most that must be freed for one that waits; 0 where none waits. */
  short: number
  /** How many sessions wait for room. */
  waiting: number
  /** Absolute path of the output folder. */
  folder: string
}
