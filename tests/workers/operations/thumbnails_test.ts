/**
 * Sheets of thumbnails: the right picture at the right time.
 */

import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { EmittedFile } from '../../../workers/operation.ts'
import thumbnails from '../../../workers/operations/thumbnails.ts'
import { planSheets } from '../../../workers/media/sheets.ts'
import { make, tools, witness } from '../../media.ts'
import { emitted, inspect, jobFor } from '../job.ts'

const test = suite('thumbnails')

/** Grey that tells the second, in steps of half a second. */
const stepped = (seconds: number, name = `stepped-${seconds}.mp4`, args = ['-c:v', 'libx264']) =>
  make(name, [
    ...['-f', 'lavfi', '-i', `nullsrc=size=64x36:rate=24:duration=${seconds},format=gray`],
    ...['-vf', `geq=lum='30+mod(floor(T*2+0.001)*41,200)',scale=in_range=pc:out_range=tv,format=yuv420p`],
    ...args,
  ])

const greyAt = (seconds: number) => 30 + ((Math.floor(seconds * 2 + 0.001) * 41) % 200)

interface Layout {
  interval: number
  columns: number
  width: number
  height: number
  count: number
  firstTime: number
}

const layoutOf = ({ metadata }: EmittedFile) => metadata as unknown as Layout

async function luma(sheet: EmittedFile, tile: number): Promise<number> {
  const { columns, width, height } = layoutOf(sheet)
  const [x, y] = [(tile % columns) * width, Math.floor(tile / columns) * height]
  const filter = `crop=${width - 8}:${height - 8}:${x + 4}:${y + 4},scale=1:1:flags=area,format=gray`
  const args = ['-v', 'error', '-i', `file:${sheet.path}`, '-vf', filter, '-f', 'rawvideo', 'pipe:1']
  return execFileSync((await tools()).ffmpeg, args)[0] ?? -1
}

test('every thumbnail shows what is on screen at its time', async () => {
  const job = await jobFor(stepped(53))
  const context = witness()
  await thumbnails.run(job, context)
  const sheets = emitted(context)
  assert.equal(readdirSync(path.join(job.folders.project, '.cutroom')), ['sheet_001.jpg', 'sheet_002.jpg'])
  assert.equal(
    sheets.map((sheet) => [layoutOf(sheet).count, layoutOf(sheet).firstTime]),
    [
      [100, 0],
      [6, 50],
    ],
  )
  for (const [n, sheet] of sheets.entries()) {
    const { streams } = inspect(sheet.path)
    assert.equal([streams[0]?.width, streams[0]?.height], [sheet.width, sheet.height])
    for (let tile = 0; tile < layoutOf(sheet).count; tile += 5) {
      const time = layoutOf(sheet).firstTime + tile * layoutOf(sheet).interval
      const found = await luma(sheet, tile)
      assert.ok(Math.abs(found - greyAt(time)) < 8, `sheet ${n}, ${time} s: ${found}, not ${greyAt(time)}`)
    }
  }
  assert.is(context.reports.at(-1), 1)
})

test('there are never more than 400, nor more than two a second', async () => {
  const { probe } = (await jobFor(stepped(53))).files[0] ?? {}
  if (!probe) throw new Error('no probe')
  for (const duration of [0.04, 1, 15, 200, 201, 5400, 36_000]) {
    const { interval } = planSheets(probe, duration)
    assert.ok(interval >= 0.5 && duration / interval <= 400.0001, `${duration} s: every ${interval} s`)
  }
})

test('a video of one frame has one thumbnail', async () => {
  const source = make('single.mp4', ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25', '-frames:v', '1'])
  const context = witness()
  await thumbnails.run(await jobFor(source), context)
  assert.equal(
    emitted(context).map((sheet) => layoutOf(sheet).count),
    [1],
  )
})

test('a turned picture with pixels that are not square is shown as it looks', async () => {
  const flat = make('flat.mov', [
    ...['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25:duration=1,setsar=2/1', '-c:v', 'libx264'],
  ])
  const turned = make('flat-turned.mov', ['-i', flat, '-c', 'copy', '-metadata:s:v', 'rotate=90'])
  const context = witness()
  await thumbnails.run(await jobFor(turned), context)
  const [sheet] = emitted(context)
  const { width, height } = sheet ? layoutOf(sheet) : { width: 0, height: 0 }
  assert.ok(width < height, `${width}x${height}`)
})

test('a folder whose name holds a percent sign is only a folder', async () => {
  const job = await jobFor(stepped(2))
  job.folders.work = path.join(job.folders.work, '100%d %03d')
  execFileSync('mkdir', [job.folders.work])
  const context = witness()
  await thumbnails.run(job, context)
  assert.is(emitted(context).length, 1)
})

test.run()
