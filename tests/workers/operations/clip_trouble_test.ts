/**
 * Clips that are cancelled, cannot be made, or are spoilt meanwhile.
 */

import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { OperationError } from '../../../workers/operation.ts'
import clips from '../../../workers/operations/clips.ts'
import { folder, witness } from '../../media.ts'
import { emitted, jobFor, lumas } from '../job.ts'
import { clipsOf, counted, enlarged, standard } from './clip_films.ts'

const test = suite('trouble with clips')

test('progress counts the frames of all clips', async () => {
  const context = witness()
  await clips.run(await jobFor(standard(), { cuts: [0, 20, 40], groups: [[1, 3]] }), context)
  assert.is(context.reports.at(-1), 1)
  const sorted = [...context.reports].sort((a, b) => a - b)
  assert.equal(context.reports, sorted, 'it never goes back')
})

test('a cancelled clip ends at once and leaves nothing under its name', async () => {
  const source = counted('long.mp4', ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac'], {
    seconds: 40,
    filter: enlarged('640:360'),
  })
  const job = await jobFor(source, { overrides: { 'video.speed': 'veryslow' } })
  const controller = new AbortController()
  const context = witness(controller.signal)
  const running = clips.run(job, context)
  let abortedAt = 0
  setTimeout(() => {
    abortedAt = performance.now()
    controller.abort(new Error('cancelled'))
  }, 600)
  try {
    await running
    assert.unreachable('it was done before it could be cancelled')
  } catch (error) {
    assert.is((error as Error).message, 'cancelled')
  }
  // The whole encode takes half a minute and more.
  assert.ok(performance.now() - abortedAt < 10_000)
  assert.is(context.running.size, 0)
  assert.not.ok(existsSync(path.join(job.folders.project, 'Video-clips')))
})

test('frames that cannot be read again are a failure in words', async () => {
  const job = await jobFor(standard(), { cuts: [0, 20] })
  const { times, brightness, duration } = job.frames ?? {
    times: [],
    brightness: new Float64Array(),
    duration: 0,
  }
  job.frames = {
    times: Float64Array.from([...times, duration, duration + 1]),
    brightness,
    duration: duration + 2,
  }
  job.scenes = job.scenes.map((scene) => (scene.number === 2 ? { ...scene, endFrame: 77 } : scene))
  try {
    await clips.run(job, witness())
    assert.unreachable()
  } catch (error) {
    assert.match((error as Error).message, /Frames 20-76 could not all be read again/)
  }
})

/** An ffmpeg that does something first, where it is told to put pictures and sounds together. */
function troubled(ffmpeg: string, strike: (work: string) => string, work: string): string {
  const file = path.join(folder(), 'ffmpeg')
  const join = `case "$*" in *sound-0.m4a*"-c copy"*) ${strike(work)} ;; esac`
  writeFileSync(file, `#!/bin/sh\nreal='${ffmpeg}'\n${join}\nexec "$real" "$@"\n`, { mode: 0o755 })
  return file
}

test('clips that trouble from outside has spoilt are not made otherwise instead, but again', async () => {
  const job = await jobFor(standard(), { cuts: [0, 20, 45] })
  for (const [code, strike] of [
    ['not_whole', (work: string) => `rm '${work}/run/sound-1.m4a'`],
    [
      'not_whole',
      (work: string) =>
        `head -c 2000 '${work}/run/sound-2.m4a' > '${work}/run/x' && mv '${work}/run/x' '${work}/run/sound-2.m4a'`,
    ],
    ['not_whole', (work: string) => `: > '${work}/run/picture-0.mp4'`],
    ['disk_full', () => 'echo "[error] av_interleaved_write_frame(): No space left on device" >&2; exit 1'],
    ['not_whole', (work: string) => `"$real" "$@"; : > "$(echo '${work}'/*clip_03*)"; exit 0`],
  ] as const) {
    const ffmpeg = troubled(job.tools.ffmpeg, strike, job.folders.work)
    const context = witness()
    try {
      await clips.run({ ...job, tools: { ...job.tools, ffmpeg } }, context)
      assert.unreachable(`${code}: it went on`)
    } catch (error) {
      assert.is((error as OperationError).code, code, (error as Error).message)
    }
    assert.not(emitted(context).some(({ scene }) => scene === 3))
    rmSync(job.folders.work, { recursive: true }) // as the engine does
    mkdirSync(job.folders.work)
  }
  const { files } = await clipsOf(job)
  assert.equal(
    files.map(({ commands = [] }) => commands.length),
    [3, 3, 3],
    'all came out of one encode',
  )
  const before = files.map(({ path: file }) => lumas(file))
  const [first] = job.files
  assert.ok(first)
  const done = files
    .slice(0, 2)
    .map(({ path: file, scene }) => ({ ...first, role: 'clip' as const, path: file, scene: scene ?? null }))
  const { files: rest } = await clipsOf({ ...job, done })
  assert.equal(
    rest.map(({ scene }) => scene),
    [3],
    'what is there is not made again',
  )
  assert.is(rest[0]?.commands?.length, 3, 'the rest comes out of the same encode')
  assert.equal(lumas(rest[0]?.path ?? ''), before[2])
})

test.run()
