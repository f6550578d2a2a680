/**
 * How this very Cutroom is started once more: from its source, from a built folder, or as the one executable.
 */

import path from 'node:path'
import { isSea } from 'node:sea'
import { build } from './version.ts'

/** A program and its first words; what `cutroom` stands for in a shell. */
export function ownCommand(): string[] {
  if (build === 'source')
    return [process.execPath, path.resolve(import.meta.dirname, '../scripts/cutroom.mjs')]
  return isSea()
    ? [process.execPath]
    : [process.execPath, path.resolve(import.meta.dirname, '../cutroom.cjs')]
}
