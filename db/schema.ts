/**
 * The shape of the database as TypeScript sees it. The migrations are the truth; a test holds
 * this file to them, and each tuple below to the CHECK it was built into.
 */

import type { Generated, Insertable, Kysely, Selectable } from 'kysely'

export const rootKinds = ['media', 'output', 'source'] as const
export const sessionStatuses = [
  'initialized',
  'processing',
  'waiting',
  'paused',
  'completed',
  'failed',
  'cancelled',
] as const
export const operationStatuses = [
  'pending',
  'processing',
  'waiting',
  'completed',
  'failed',
  'skipped',
  'cancelled',
] as const
/** What a person wants of a session; whoever owns the session reads it and obeys. */
export const wishes = ['run', 'pause', 'cancel'] as const
export const encoders = ['x264', 'nvenc'] as const
export const existingFolderRules = ['version', 'overwrite', 'fail'] as const
export const cutOrigins = ['start', 'detector', 'hand', 'import'] as const
export const fileRoles = [
  'source',
  'rd_source',
  'master',
  'master_web',
  'sheet',
  'clip',
  'group',
  'still_hq',
  'still_web',
  'thumbnail',
  'rd_hq',
  'rd_web',
  'log',
] as const
export const settingTypes = ['string', 'integer', 'real', 'boolean', 'json'] as const
export const estimateMeasures = ['seconds', 'bytes'] as const
/** What is known of an output. */
export const proofStates = ['proven', 'torn', 'missing', 'unproven'] as const
/** What a look at a file on disk came to. */
export const checkStates = ['checking', 'whole', 'changed', 'missing', 'unreadable'] as const
export const surveyStates = ['running', 'done', 'failed'] as const
export const eventTopics = ['session', 'operation', 'scene', 'file', 'preset', 'setting', 'history'] as const

/** What keeps the database and the outputs in shape. */
export const maintenanceTasks = [
  'retention',
  'backup',
  'fixity',
  'vacuum',
  'analyze',
  'reindex',
  'integrity',
  'statistics',
] as const
export const maintenanceCauses = ['person', 'schedule'] as const
export const maintenanceStatuses = ['running', 'completed', 'failed', 'interrupted'] as const

export type RootKind = (typeof rootKinds)[number]
export type SessionStatus = (typeof sessionStatuses)[number]
export type OperationStatus = (typeof operationStatuses)[number]
export type Wish = (typeof wishes)[number]
export type Encoder = (typeof encoders)[number]
export type ExistingFolderRule = (typeof existingFolderRules)[number]
export type CutOrigin = (typeof cutOrigins)[number]
export type FileRole = (typeof fileRoles)[number]
export type SettingType = (typeof settingTypes)[number]
export type EstimateMeasure = (typeof estimateMeasures)[number]
export type ProofState = (typeof proofStates)[number]
export type CheckState = (typeof checkStates)[number]
export type SurveyState = (typeof surveyStates)[number]
export type EventTopic = (typeof eventTopics)[number]
export type MaintenanceTask = (typeof maintenanceTasks)[number]
export type MaintenanceCause = (typeof maintenanceCauses)[number]
export type MaintenanceStatus = (typeof maintenanceStatuses)[number]

/** Statuses from which a session goes no further by itself. */
export const endedStatuses = ['completed', 'failed', 'cancelled'] as const satisfies SessionStatus[]

export interface Database {
  root: RootTable
  session: SessionTable
  operation: OperationTable
  process: ProcessTable
  file: FileTable
  cut: CutTable
  scene_group: SceneGroupTable
  scene_group_member: SceneGroupMemberTable
  score: ScoreTable
  preset: PresetTable
  history: HistoryTable
  history_archive: HistoryArchiveTable
  setting: SettingTable
  event: EventTable
  edit: EditTable
  maintenance_run: MaintenanceRunTable
  work: WorkTable
  estimate: EstimateTable
  command: CommandTable
  lineage: LineageTable
  lineage_command: LineageCommandTable
  file_check: FileCheckTable
  survey: SurveyTable
  stray: StrayTable
  state_import: StateImportTable
  removed_cut: RemovedCutTable
  scene: SceneView
  session_progress: SessionProgressView
  proof: ProofView
  session_room: SessionRoomView
}

/** A folder that files may lie under. */
interface RootTable {
  id: Generated<number>
  key: string
  kind: RootKind
  path: string
  /** What people call it; null: by its path. */
  name: string | null
  created_at: Generated<string>
}

interface SessionTable {
  id: Generated<number>
  key: string
  pipeline: string
  artwork: string
  /** YY-MM-DD, as the studio writes it. */
  project_date: string
  rd_root_id: number | null
  rd_path: string | null
  output_root_id: number
  /** The project folder, relative to its root; null until the first operation has claimed a name. */
  output_path: string | null
  if_exists: Generated<ExistingFolderRule>
  preset_key: string
  /** The preset as it was when the session began, overrides applied: JSON of `PresetSettings`. */
  preset_settings: string
  /** Which of the preset's versions that was; null where nobody can tell. */
  preset_version: number | null
  /** What `--set` changed, for this session only: JSON of dotted key -> value. */
  overrides: Generated<string>
  encoder: Generated<Encoder>
  detector: Generated<string>
  threshold: Generated<number>
  /** Frames. */
  min_scene_length: Generated<number>
  aspect: string | null
  /** How its files are called: JSON of `Naming`; null: as usual. */
  naming: string | null
  /** What to choose without asking a person: JSON of `{ scenes, groups }`, or null to wait for one. */
  choice: string | null
  status: Generated<SessionStatus>
  wanted: Generated<Wish>
  error_code: string | null
  error_message: string | null
  /** `host:pid:start` of the process that runs this session now. */
  owner: string | null
  /** Rises with every claim; an owner with an older one writes nothing. */
  generation: Generated<number>
  heartbeat_at: string | null
  actor: string | null
  created_at: Generated<string>
  updated_at: Generated<string>
  started_at: string | null
  completed_at: string | null
  /** What all of it takes on the disk, by the estimate; null until its master was looked at. */
  bytes_needed: number | null
  /** What must be freed before it goes on; null where it does not wait for room. */
  bytes_short: number | null
  /** What lay in its R&D folder when it was ordered; null where it has none, or that cannot be read. */
  rd_bytes: number | null
}

interface OperationTable {
  id: Generated<number>
  session_id: number
  /** From 1, in the order of the pipeline. */
  sequence: number
  name: string
  status: Generated<OperationStatus>
  /** 0 to 1. */
  progress: Generated<number>
  /** What the work is counted in ("frames", "bytes", "files"), how far it is, how much there is, and how fast. */
  unit: string | null
  units_done: number | null
  units_total: number | null
  units_per_second: number | null
  seconds_left: number | null
  /** JSON of the settings really used. */
  settings: Generated<string>
  /** JSON array of sentences. */
  warnings: Generated<string>
  error_code: string | null
  error_message: string | null
  started_at: string | null
  finished_at: string | null
  seconds: number | null
  bytes_in: number | null
  bytes_out: number | null
  cpu_seconds: number | null
  peak_memory_bytes: number | null
  gpu_percent: number | null
  attempt: Generated<number>
  created_at: Generated<string>
}

/** A child process of an operation, recorded so that the next start can end what a crash left running. */
interface ProcessTable {
  id: Generated<number>
  operation_id: number
  host: string
  pid: number
  /** The kernel's start time of the process, so that a reused pid is never mistaken for it. */
  started: string
}

interface FileTable {
  id: Generated<number>
  key: string
  session_id: number
  operation_id: number | null
  root_id: number
  /** Relative to the root, with `/`. */
  path: string
  role: FileRole
  bytes: number | null
  sha256: string | null
  format: string | null
  width: number | null
  height: number | null
  /** Seconds from the first PTS to the end of the last frame. */
  duration: number | null
  frames: number | null
  /** A rational, "24000/1001". */
  frame_rate: string | null
  /** A rational, "1/12800": what stored PTS are counted in. */
  time_base: string | null
  codec: string | null
  aspect: string | null
  source_file_id: number | null
  /** The scene's (or group's) number when the file was made. */
  scene: number | null
  frame: number | null
  /** JSON of the settings it was made with. */
  settings: string | null
  /** How long making it took. */
  seconds: number | null
  /** JSON of what is embedded in the file. */
  metadata: string | null
  /** JSON: ffprobe's own words, kept whole. */
  probe: string | null
  verified_at: string | null
  missing_at: string | null
  /** Since when its bytes are known not to be those that were recorded. */
  torn_at: string | null
  created_at: Generated<string>
  /** Since when another is to take its place: it does not count as made any more, and stays until it is replaced. */
  outdated_at: string | null
}

/** The first frame of a scene, and what a person thinks of that scene. */
interface CutTable {
  id: Generated<number>
  session_id: number
  frame: number
  /** Seconds from the first frame's PTS. */
  time: number
  origin: CutOrigin
  /** 1 = exported as a clip. */
  ticked: Generated<number>
  starred: Generated<number>
  note: string | null
  actor: string | null
  created_at: Generated<string>
  /** The frame picked for the scene's still; none: the one in its middle. */
  still_frame: number | null
}

interface SceneGroupTable {
  id: Generated<number>
  key: string
  session_id: number
  position: number
  name: string | null
  actor: string | null
  created_at: Generated<string>
}

interface SceneGroupMemberTable {
  group_id: number
  cut_id: number
  position: number
}

/** What a detector measured for a stretch of frames: little-endian numbers, one per frame. */
interface ScoreTable {
  file_id: number
  /**
   * Float64 each: `pts` (ticks of the file's time base), and all that is measured of a frame: `brightness` (mean of
   * B, G and R, 0 to 255) and what the measurements in workers/detectors/mod.ts tell of theirs.
   */
  measure: string
  start_frame: number
  frames: number
  data: Uint8Array
}

interface PresetTable {
  id: Generated<number>
  key: string
  name: string
  /** The key of the built-in it came from. */
  base: string | null
  category: string | null
  description: string | null
  /** 1 = ships with Cutroom and cannot be changed. */
  builtin: Generated<number>
  /** JSON of `PresetSettings`. */
  settings: string
  /** From 1; rises with each change of the settings. */
  version: Generated<number>
  use_count: Generated<number>
  last_used_at: string | null
  actor: string | null
  created_at: Generated<string>
  modified_at: Generated<string>
}

/** What a finished session was; it outlives the session. */
interface HistoryTable {
  id: Generated<number>
  session_id: number | null
  session_key: string
  pipeline: string
  artwork: string
  project_date: string
  output_path: string
  master_filename: string
  master_duration: number | null
  master_resolution: string | null
  master_fps: number | null
  master_codec: string | null
  master_bytes: number | null
  scenes_detected: number
  scenes_exported: number
  stills_created: number
  clips_created: number
  rd_files_processed: number
  files_created: number
  output_bytes: number
  processing_seconds: number
  problems: number
  gpu_accelerated: number
  preset_key: string
  encoder: string
  status: SessionStatus
  notes: string | null
  started_at: string | null
  completed_at: string
}

interface HistoryArchiveTable extends Omit<HistoryTable, 'id'> {
  id: number
  archived_at: Generated<string>
}

interface SettingTable {
  key: string
  value: string
  value_type: Generated<SettingType>
  category: Generated<string>
  description: string | null
  actor: string | null
  modified_at: Generated<string>
}

/** The latest change per (topic, subject), under a fresh id each time. */
interface EventTable {
  id: Generated<number>
  topic: EventTopic
  subject: string
  at: Generated<string>
}

/** Who changed what, and how to undo it. */
interface EditTable {
  id: Generated<number>
  session_id: number | null
  command: string
  subject: string
  before: string | null
  after: string | null
  actor: string | null
  at: Generated<string>
  undone_at: string | null
  /** Something else was done after it was undone: it can not be done again. */
  superseded_at: string | null
}

/** Where a person took a cut away: a re-cut does not bring it back. */
interface RemovedCutTable {
  session_id: number
  frame: number
}

/** One run of a maintenance task; at most one of all processes is `running`. */
interface MaintenanceRunTable {
  id: Generated<number>
  task: MaintenanceTask
  cause: MaintenanceCause
  status: Generated<MaintenanceStatus>
  /** `host:pid:start` of the process that performs it. */
  owner: string
  heartbeat_at: Generated<string>
  started_at: Generated<string>
  finished_at: string | null
  seconds: number | null
  /** What it did, in a sentence. */
  summary: string | null
  actor: string | null
}

/** What a finished operation took; it outlives the session. */
interface WorkTable {
  id: Generated<number>
  session_key: string
  operation: string
  encoder: Encoder
  /** Codec and size of the master. */
  codec: string | null
  width: number | null
  height: number | null
  preset_key: string
  /** The settings that decide what it costs, from `mannerOf`: "crf 20 slow". */
  manner: string
  /** How many files it made. */
  files: number
  /** How much work it was, in the unit that `workUnits` names for the operation. */
  amount: number
  seconds: number
  /** Of the files it made. */
  bytes: number
  at: Generated<string>
}

/** What was expected of an operation when it began, and what came of it. */
interface EstimateTable {
  id: Generated<number>
  session_key: string
  /** An operation's name, or `session` for all of them. */
  operation: string
  measure: EstimateMeasure
  low: number
  likely: number
  high: number
  /** How many past operations it was learned from; 0 where a rule said it. */
  samples: number
  /** Its reason, in words. */
  basis: string
  actual: number | null
  at: Generated<string>
  settled_at: string | null
}

/** One run of ffmpeg, kept once however many files came out of it. */
interface CommandTable {
  id: Generated<number>
  session_id: number
  /** Of `arguments`. */
  sha256: string
  /** JSON array of the arguments, paths relative to their roots. */
  arguments: string
}

/** How an output was made. */
interface LineageTable {
  file_id: number
  preset_key: string
  /** Null where presets had no versions yet. */
  preset_version: number | null
  /** JSON of what the session's settings said of files of this role. */
  wanted: string
  /** JSON of the master's frames that it shows, `[[first, end), …]`; null where it shows all of it, or is of one frame. */
  ranges: string | null
}

interface LineageCommandTable {
  file_id: number
  position: number
  command_id: number
}

/** What was found when a file's bytes were last looked at. */
interface FileCheckTable {
  file_id: number
  state: CheckState
  bytes: number | null
  sha256: string | null
  seconds: number | null
  message: string | null
  at: Generated<string>
}

/** One walk over all that is known and all that lies in the output roots. */
interface SurveyTable {
  id: Generated<number>
  state: SurveyState
  /** Rows and files looked at so far. */
  looked_at: Generated<number>
  /** Known files that are not there. */
  missing: Generated<number>
  /** Files under the output roots that no row knows. */
  strays: Generated<number>
  stray_bytes: Generated<number>
  /** 0 where it stopped before it had seen everything. */
  whole: Generated<number>
  message: string | null
  started_at: Generated<string>
  finished_at: string | null
}

/** A file that no row knows; the first of each survey are kept. */
interface StrayTable {
  survey_id: number
  root_id: number
  path: string
  bytes: number
  modified_at: string
}

/** A database of the Video Archive Tool that was taken in. */
interface StateImportTable {
  id: Generated<number>
  path: string
  sha256: string
  bytes: number
  /** JSON: what was taken and what was not. */
  report: string
  actor: string | null
  imported_at: Generated<string>
}

/** What lies between two cuts. */
interface SceneView {
  cut_id: number
  session_id: number
  /** From 1. */
  number: number
  start_frame: number
  /** Exclusive. */
  end_frame: number
  start_time: number
  end_time: number
  origin: CutOrigin
  ticked: number
  starred: number
  note: string | null
  still_frame: number | null
}

/** A session at a glance: every count is counted, none is kept. */
interface SessionProgressView {
  session_id: number
  operations: number
  settled: number
  problems: number
  progress: number
  current_operation: string | null
  scenes: number
  files: number
  output_bytes: number
}

/** What is known of an output. */
interface ProofView {
  session_id: number
  file_id: number
  state: ProofState
  verified_at: string | null
}

/** A session that has not ended: the room it takes. */
interface SessionRoomView {
  session_id: number
  root_id: number
  /** 1 = it has a project folder. */
  begun: number
  bytes_needed: number | null
  bytes_short: number | null
  bytes_written: number
}

export type Db = Kysely<Database>
export type Root = Selectable<RootTable>
export type Session = Selectable<SessionTable>
export type Operation = Selectable<OperationTable>
export type File = Selectable<FileTable>
export type NewFile = Insertable<FileTable>
export type Scene = SceneView
export type SessionProgress = SessionProgressView
export type Preset = Selectable<PresetTable>
export type History = Selectable<HistoryTable>
export type Setting = Selectable<SettingTable>
export type MaintenanceRun = Selectable<MaintenanceRunTable>
export type Survey = Selectable<SurveyTable>
export type Stray = Selectable<StrayTable>
export type StateImport = Selectable<StateImportTable>
