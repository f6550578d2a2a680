/**
 * Tells of statements that held the process for long, so that a full or slow disk shows before pages are slow.
 */

import type { Ran } from '../db/open.ts'

/** A page should begin within this, ms; no single statement may take all of it. */
const slowMs = 50
/** The same statement is told once in this while, ms: a disk that is slow makes all of them slow. */
const silenceMs = 60_000

/** What to hand `openDatabase`: tells of each slow statement, without its values. */
export function createSlowQueryLog(
  tell: (message: string, facts: SlowQuery) => void,
  now = () => performance.now(),
) {
  const told = new Map<string, number>()
  return ({ statement, milliseconds }: Ran): void => {
    if (milliseconds < slowMs || now() - (told.get(statement) ?? -Infinity) < silenceMs) return
    told.set(statement, now())
    const took = Math.round(milliseconds)
    const facts = { slow_query: inOneLine(statement), milliseconds: took }
    tell(`The database took ${took} ms for one statement. The log has it with this line.`, facts)
  }
}

type SlowQuery = {
  slow_query: string
  milliseconds: number
}

const inOneLine = (statement: string) => statement.replace(/\s+/g, ' ').trim()
