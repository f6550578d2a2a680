/**
 * What the fragments are made from: rows, as they stand.
 */

import type { File, History, Operation, Preset, Scene, Session, SessionProgress } from '../db/schema.ts'

/** One session and all its rows. */
export interface SessionData {
  session: Session
  progress: SessionProgress
  operations: Operation[]
  scenes: Scene[]
  groups: GroupData[]
  /** The source first. */
  files: File[]
  presetName: string
  /** Bytes a second that its clips will take, roughly; null where nothing tells, or it is chosen already. */
  clipRate: number | null
  /** Absolute path of the R&D folder; null where none was given. */
  rdFolder: string | null
  /** Absolute path of the project folder; null before it was claimed. */
  folder: string | null
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
