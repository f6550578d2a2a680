/**
 * From whatever was thrown to a failure that a person can act on.
 */

import { OperationError } from './operation.ts'

/** Anything that went wrong, in a plain sentence; what nobody foresaw keeps its cause. */
export function failureOf(error: unknown): OperationError {
  if (error instanceof OperationError) return error
  const message = error instanceof Error ? error.message : String(error)
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const [name, sentence] = wordsFor(code, message) ?? ['unexpected', `Unexpected: ${message}`]
  return new OperationError(name, sentence, { cause: error })
}

const wordsFor = (code: string, message: string) =>
  sentences.find(([codes]) => codes.test(code))?.[1](message)

/** What ffmpeg and libc call the errors that say nothing of a film. */
const spoken: [words: string, code: string][] = [
  ['No space left on device', 'ENOSPC'],
  ['Disk quota exceeded', 'EDQUOT'],
  ['Read-only file system', 'EROFS'],
  ['Operation not permitted', 'EPERM'],
  ['Permission denied', 'EACCES'],
  ['No such file or directory', 'ENOENT'],
  ['Stale file handle', 'ESTALE'],
]

/** A failure of the disk or the folder that ffmpeg complains of; undefined where its complaints are about the film. */
export function outsideFailure(complaints: readonly string[]): OperationError | undefined {
  for (const complaint of complaints) {
    const [, code = ''] = spoken.find(([words]) => complaint.endsWith(words)) ?? []
    const [name, sentence] = wordsFor(code, complaint) ?? []
    if (name !== undefined) return new OperationError(name, sentence ?? complaint)
  }
  return undefined
}

/** A step that one of these ended is tried once more at once: a share that was away may be back. */
const fleeting = ['stuck', 'killed', 'gone', 'not_whole']

/** What else says nothing of the film, but lasts until somebody mends it. */
const lasting = ['disk_full', 'database_full', 'not_saved', 'not_allowed', 'disk_fails', 'source_torn']

export const isFleeting = (code: string | null) => fleeting.includes(code ?? '')

/** True where a failure came from outside: the same step may come out well on a better day. */
export const isFromOutside = (code: string | null) => isFleeting(code) || lasting.includes(code ?? '')

const sentences: [RegExp, (message: string) => [code: string, sentence: string]][] = [
  [/^(ENOSPC|EDQUOT)$/, () => ['disk_full', 'The disk is full. Make room, then resume.']],
  [
    /^(EACCES|EPERM|EROFS)$/,
    (message) => [
      'not_allowed',
      `The file system refused: ${message}. Check the permissions of the folder, then resume.`,
    ],
  ],
  [
    /^(ENOENT|ENOTDIR|ESTALE)$/,
    (message) => [
      'gone',
      `A file or folder went away while it was in use: ${message}. Put it back, then resume.`,
    ],
  ],
  [/^EIO$/, (message) => ['disk_fails', `The disk failed: ${message}. Check it, then resume.`]],
  [
    /^SQLITE_(FULL|IOERR)/,
    (message) => [
      'database_full',
      `The database cannot be written: ${message}. Make room on its disk, then resume.`,
    ],
  ],
]
