/**
 * Sheets of thumbnails over the whole master: whatever the cuts turn out to be, there are pictures of them.
 */

import { createInterface } from 'node:readline'
import path from 'node:path'
import { decode, input } from '../ffmpeg.ts'
import { keepTimestamps } from '../media/builds.ts'
import { planSheets, type SheetPlan, thumbnailFilters } from '../media/sheets.ts'
import { type Context, type Job, type Operation, OperationError } from '../operation.ts'
import { place, workPath } from '../outputs.ts'
import { type Source, sourceOf } from '../source.ts'

/** Sheets are Cutroom's own: they lie in the project, out of a person's sight. */
const folder = '.cutroom'

export default {
  name: 'thumbnails',
  title: 'Thumbnails',
  async run(job: Job, context: Context) {
    const startedAt = performance.now()
    const source = sourceOf(job)
    const plan = planSheets(source.probe, job.frames?.duration ?? source.probe.duration)
    const { count, args } = await takeThumbnails(source, plan, job, context)
    if (count === 0) throw new OperationError('no_frames', 'Not one frame of the video can be decoded.')
    const perSheet = plan.columns * plan.rows
    for (let sheet = 0; sheet * perSheet < count; sheet++) {
      const name = sheetName(sheet)
      if (job.done.some((file) => path.basename(file.path) === name)) continue
      const held = Math.min(perSheet, count - sheet * perSheet)
      const file = await place(
        workPath(job, name),
        path.join(job.folders.project, folder, name),
        { ...sheetFacts(plan, sheet, held), commands: [args], sourceFileId: source.fileId },
        { startedAt, signal: context.signal },
      )
      await context.emit({ kind: 'file', file })
    }
    return { settings: { ...plan, tile: `${plan.tile.width}x${plan.tile.height}`, thumbnails: count } }
  },
} satisfies Operation

const sheetName = (sheet: number) => `sheet_${String(sheet + 1).padStart(3, '0')}.jpg`

/** Writes the sheets into the work folder. @returns how many thumbnails there are on them. */
async function takeThumbnails(
  { path: file, probe }: Source,
  plan: SheetPlan,
  job: Job,
  context: Context,
): Promise<{ count: number; args: string[] }> {
  const { columns, rows } = plan
  const graph = [
    `[0:${probe.video.index}]${thumbnailFilters(probe, plan, job.tools.filters).join(',')},split[each][all]`,
    `[all]tile=${columns}x${rows}[sheets]`,
  ]
  const pattern = workPath(job, 'sheet_').replaceAll('%', '%%')
  const args = [
    ...input(file, '-threads', String(job.tools.threads)),
    ...['-filter_complex', graph.join(';')],
    ...['-map', '[each]', ...keepTimestamps(job.tools), '-f', 'framecrc', 'pipe:1'],
    ...[
      '-map',
      '[sheets]',
      ...keepTimestamps(job.tools),
      '-q:v',
      '4',
      '-f',
      'image2',
      `file:${pattern}%03d.jpg`,
    ],
  ]
  const expected = Math.max(1, Math.ceil(probe.duration / plan.interval))
  const run = decode(job.tools, args, { signal: context.signal, children: context.children })
  let count = 0
  for await (const line of createInterface({ input: run.stdout })) {
    if (/^0,/.test(line)) context.report(Math.min(++count, expected), expected, 'frames')
  }
  await run.finished
  return { count, args }
}

function sheetFacts({ interval, columns, rows, tile }: SheetPlan, sheet: number, count: number) {
  return {
    role: 'sheet' as const,
    width: tile.width * columns,
    height: tile.height * rows,
    codec: 'mjpeg',
    metadata: {
      interval,
      columns,
      rows,
      width: tile.width,
      height: tile.height,
      count,
      firstTime: sheet * columns * rows * interval,
    },
  }
}
