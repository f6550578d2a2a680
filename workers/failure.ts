/**
 * From whatever was thrown to a failure that a person can act on.
 */

import { OperationError } from './operation.ts'

/** Anything that went wrong, in a plain sentence; what nobody foresaw keeps its cause. */
export function failureOf(error: unknown): OperationError {
  if (error instanceof OperationError) return error
  const message = error instanceof Error ? error.message : String(error)
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const [name, sentence] = sentences.find(([codes]) => codes.test(code))?.[1](message) ?? [
    'unexpected',
    `Unexpected: ${message}`,
  ]
  return new OperationError(name, sentence, { cause: error })
}

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
