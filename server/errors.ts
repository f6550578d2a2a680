/**
 * Every problem a person can meet outside an operation, in one table: code, status, words.
 */

const problems = {
  session_not_found: [404, 'There is no such session.'],
  preset_not_found: [404, 'There is no such preset.'],
  master_not_found: [404, 'There is no such master.'],
  link_away: [
    404,
    'That is a link which leads out of the media folder, or nowhere. Put the film itself into the folder.',
  ],
  folder_not_found: [404, 'There is no such folder.'],
  file_not_found: [404, 'The file is not there any more.'],
  backup_not_found: [404, 'There is no such backup.'],
  page_not_found: [404, 'There is no such page.'],
  scene_not_found: [404, 'There is no such scene.'],
  group_not_found: [404, 'There is no such group.'],
  unknown_host: [
    403,
    'This server does not go by that name. Open it by its address, or start it with --host.',
  ],
  foreign_origin: [403, 'Changes are only taken from Cutroom’s own pages.'],
  too_large: [413, 'That is more than this form may hold.'],
  not_measured: [409, 'What this needs was not measured yet. Let the session find its cuts first.'],
  cut_not_possible: [409, 'That cut cannot be made.'],
  changed_meanwhile: [409, 'This was changed meanwhile. Look at it again, then do it again.'],
  nothing_to_undo: [409, 'There is nothing to undo.'],
  not_choosing: [409, 'This session is not waiting for a choice.'],
  folder_exists: [
    409,
    'There is such a project folder already. Choose another name or date, or allow a new version.',
  ],
  preset_builtin: [409, 'A built-in preset cannot be changed. Duplicate it, and change that.'],
  preset_changed: [409, 'The preset has been changed since you opened it. Open it again.'],
  root_in_use: [409, 'A folder that sessions or files need cannot be removed. Delete those sessions first.'],
  session_running: [409, 'The session is running. Cancel it first.'],
  session_ended: [409, 'The session has ended.'],
  nothing_to_remake: [409, 'Nothing is out of date in this session.'],
  maintenance_running: [409, 'Another maintenance task runs just now. Try again when it has ended.'],
  too_old_to_resume: [
    409,
    'The session has rested for longer than max_resume_age_days allows. Raise that setting to go on with it, or order it anew.',
  ],
  nothing_to_bag: [409, 'The session made nothing that a bag could hold.'],
  nothing_to_resume: [409, 'Nothing is left to do in this session.'],
  backup_unusable: [409, 'This backup cannot be restored; nothing was changed.'],
  database_in_use: [409, 'Another program has the database open. End it, then try again.'],
  cannot_restart: [
    409,
    'Here Cutroom cannot begin anew by itself. Restore in the shell: cutroom db restore FILE.',
  ],
  not_state_db: [422, 'This is no state.db of the Video Archive Tool.'],
  not_answered: [422, 'This was not answered.'],
  bad_input: [422, 'That cannot be used.'],
  data_not_writable: [
    500,
    'The data folder cannot be written. Choose another with --data or CUTROOM_DATA, or change its permissions.',
  ],
  network_database: [
    500,
    'The data folder lies on a network file system, where SQLite’s locks do not hold and the database can be damaged. ' +
      'Put it on a local disk (--data or CUTROOM_DATA); media may stay on the share (CUTROOM_MEDIA). ' +
      'To take the risk, set CUTROOM_ALLOW_NETWORK_DATABASE=1.',
  ],
  port_taken: [500, 'The port is taken. Choose another with --port or PORT, or end what uses it.'],
  unexpected: [500, 'Something went wrong on our side. The log has the details.'],
} as const satisfies Record<string, readonly [status: number, message: string]>

export type ProblemCode = keyof typeof problems

export interface ProblemOptions extends ErrorOptions {
  /** What it is about: a name, a path, a field's complaint. */
  detail?: string
  /** The form's field that it is about. */
  field?: string
}

export class AppError extends Error {
  override name = 'AppError'
  code: ProblemCode
  field: string | undefined
  detail: string | undefined

  constructor(code: ProblemCode, { detail, field, ...options }: ProblemOptions = {}) {
    super(detail === undefined ? problems[code][1] : `${problems[code][1]} (${detail})`, options)
    this.code = code
    this.field = field
    this.detail = detail
  }

  get status() {
    return problems[this.code][0]
  }

  /** Anything thrown becomes an AppError; what we did not expect keeps its cause. */
  static from(error: unknown): AppError {
    return error instanceof AppError ? error : new AppError('unexpected', { cause: error })
  }
}

/** The row, or a problem with a name. */
export function found<T>(row: T | undefined, code: ProblemCode): T {
  if (row === undefined) throw new AppError(code)
  return row
}
