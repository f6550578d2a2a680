/**
 * What tasks of maintenance are called and do, and how a run of one is told.
 */

import type { MaintenanceTask } from '../db/schema.ts'
import type { RunData } from './data.ts'
import { State } from './icon.tsx'
import { Time } from './time.tsx'
import { spanText, type Tone } from './words.ts'

/** What people read for a task, and what it does. */
export const taskWords: Record<MaintenanceTask, readonly [title: string, does: string]> = {
  retention: [
    'Clean-up',
    'Removes sessions and log text that have had their time; old history moves to its archive. Outputs stay.',
  ],
  backup: ['Backup', 'Copies the database while it is used, and checks the copy.'],
  fixity: ['Fixity', 'Reads outputs again and compares them with their checksums.'],
  vacuum: ['Vacuum', 'Gives unused space of the database back to the disk.'],
  analyze: ['Analyse', 'Renews what the database knows of its tables, for quick answers.'],
  reindex: ['Reindex', 'Builds every index of the database anew.'],
  integrity: ['Integrity', 'Reads every page and reference of the database.'],
  statistics: ['Counters', 'Sets the use counts of presets to nought.'],
}

/** What became of a run: state, time, how long, and its own sentence. */
export const RunOutcome = ({ run }: { run: RunData | null }) =>
  run === null ? (
    <span class='soft'>never</span>
  ) : (
    <>
      <State tone={tones[run.status]}>{run.status}</State> <Time at={run.started_at} />
      {run.seconds !== null && <span class='soft'>, in {spanText(run.seconds)}</span>}
      {run.summary !== null && <p class='soft'>{run.summary}</p>}
    </>
  )

const tones: Record<RunData['status'], Tone> = {
  running: 'processing',
  completed: 'completed',
  failed: 'failed',
  interrupted: 'cancelled',
}
