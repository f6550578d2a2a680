/**
 * The end of a session: writes process_log.txt.
 */

import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { logName } from '../media/naming.ts'
import { type LogFacts, processLog } from '../media/process_log.ts'
import type { Job, Operation } from '../operation.ts'
import { place, workPath } from '../outputs.ts'

export default {
  name: 'finish',
  title: 'Finish',
  async run(job, context) {
    if (!job.session.generateLog) return {}
    const startedAt = performance.now()
    const made = workPath(job, logName)
    await writeFile(made, processLog(factsOf(job)))
    const target = path.join(job.folders.project, logName)
    const { signal } = context
    // Written anew even if it is there: a retried step changes what it has to say.
    const file = await place(made, target, { role: 'log' }, { startedAt, signal })
    await context.emit({ kind: 'file', file })
    context.report(1, 1, 'files')
    return {}
  },
} satisfies Operation

function factsOf(job: Job): LogFacts {
  const source =
    job.files.find(({ role }) => role === 'source') ?? job.files.find(({ role }) => role === 'master')
  const { frames, scenes, session, operations, folders } = job
  return {
    session,
    operations: operations.filter(({ name }) => name !== 'finish'),
    finishedAt: new Date().toISOString().replace('T', ' ').slice(0, 19),
    output: folders.project,
    research: folders.rd,
    master: {
      name: path.basename(source?.path ?? ''),
      bytes: source?.bytes ?? null,
      frames: frames?.times.length ?? null,
      duration: frames?.duration ?? null,
      probe: source?.probe ?? null,
    },
    scenes: {
      found: scenes.length,
      ticked: scenes.filter(({ ticked }) => ticked).length,
      groups: job.groups.length,
    },
    files: job.files,
    ffmpeg: job.tools.version,
  }
}
