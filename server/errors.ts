/**
 * Every problem a person can meet outside an operation, in one table: code, status, words.
 */

const problems = {
  session_not_found: [404, 'There is no such session.'],
  preset_not_found: [404, 'There is no such preset.'],
  master_not_found: [404, 'There is no such master.'],
  folder_not_found: [404, 'There is no such folder.'],
  file_not_found: [404, 'The file is not there any more.'],
  page_not_found: [404, 'There is no such page.'],
  scene_not_found: [404, 'There is no such scene.'],
  group_not_found: [404, 'There is no such group.'],
  unknown_host: [
    403,
    'This server does not go by that name. Open it by its address, or start it with --host.',
  ],
  foreign_origin: [403, 'Changes are only taken from Cutroom’s own pages.'],
  too_large: [413, 'That is more than this form may hold.'],
  not_choosing: [409, 'This session is not waiting for a choice.'],
  folder_exists: [
    409,
    'There is such a project folder already. Choose another name or date, or allow a new version.',
  ],
  session_running: [409, 'The session is running. Cancel it first.'],
  session_ended: [409, 'The session has ended.'],
  nothing_to_resume: [409, 'Nothing is left to do in this session.'],
  bad_input: [422, 'That cannot be used.'],
  data_not_writable: [
    500,
    'The data folder cannot be written. Choose another with --data or CUTROOM_DATA, or change its permissions.',
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
