/**
 * Formats against what reads them: ffmpeg for chapters, the specification for the rest.
 */

import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { HandOff } from '../../../../workers/media/handoff/hand_off.ts'
import { handOffFormat } from '../../../../workers/media/handoff/mod.ts'
import { cutsClip, folder, tools } from '../../../media.ts'

const formats = suite('formats')

const film: HandOff = {
  title: 'Two\nlines',
  master: `R&D – café's "final" 100%.mov`,
  rate: { num: 30000, den: 1001 },
  variable: false,
  startTimecode: '00:00:59;28',
  frames: 40,
  duration: (40 * 1001) / 30000,
  scenes: [
    { number: 1, startFrame: 0, endFrame: 10, start: 0, end: (10 * 1001) / 30000, note: null },
    {
      number: 2,
      startFrame: 10,
      endFrame: 40,
      start: (10 * 1001) / 30000,
      end: (40 * 1001) / 30000,
      note: 'a=b;#\\\n<c> --> &',
    },
  ],
}

const write = (name: string, handOff = film) => handOffFormat(name)?.write(handOff) ?? ''

formats('an EDL ends each event where the next begins, over the gap of drop-frame', () => {
  assert.equal(write('edl').split('\n'), [
    'TITLE: Two lines',
    'FCM: DROP FRAME',
    '',
    '001  AX       V     C        00:00:59;28 00:01:00;10 00:00:59;28 00:01:00;10',
    `* FROM CLIP NAME: R&D – café's "final" 100%.mov`,
    '* COMMENT: Scene 1',
    '',
    '002  AX       V     C        00:01:00;10 00:01:01;10 00:01:00;10 00:01:01;10',
    `* FROM CLIP NAME: R&D – café's "final" 100%.mov`,
    '* COMMENT: Scene 2: a=b;#\\ <c> --> &',
    '',
  ])
})

formats('an EDL of a selection plays its scenes without gaps', () => {
  const chosen = { ...film, startTimecode: null, rate: { num: 25, den: 1 }, scenes: film.scenes.slice(1) }
  assert.match(write('edl', chosen), /00:00:00:10 00:00:01:15 00:00:00:00 00:00:01:05/)
})

formats('OpenTimelineIO counts from the master’s own first frame, at its exact rate', () => {
  const timeline = JSON.parse(write('otio')) as {
    OTIO_SCHEMA: string
    global_start_time: { value: number; rate: number }
    tracks: {
      children: {
        kind: string
        children: { source_range: Range; media_reference: { available_range: Range } }[]
      }[]
    }
  }
  assert.is(timeline.OTIO_SCHEMA, 'Timeline.1')
  assert.is(timeline.global_start_time.rate, 30000 / 1001)
  const [track] = timeline.tracks.children
  assert.is(track?.kind, 'Video')
  const [first, second] = track?.children ?? []
  assert.is(first?.source_range.start_time.value, 1798)
  assert.is(first?.source_range.duration.value, 10)
  assert.is(second?.source_range.start_time.value, 1808)
  assert.is(first?.media_reference.available_range.duration.value, 40)
})

interface Range {
  start_time: { value: number }
  duration: { value: number }
}

formats('chapters that ffmpeg writes into a file are read back from it', async () => {
  const clip = cutsClip('chapters.mp4', [10, 30])
  const place = folder()
  const [list, out] = [path.join(place, 'chapters.txt'), path.join(place, 'out.mkv')]
  writeFileSync(list, write('ffmetadata'))
  const { ffmpeg, ffprobe } = await tools()
  execFileSync(ffmpeg, [
    '-v',
    'error',
    '-i',
    clip,
    '-i',
    list,
    '-map_metadata',
    '1',
    '-map_chapters',
    '1',
    '-c',
    'copy',
    out,
  ])
  const said = execFileSync(ffprobe, ['-v', 'error', '-show_chapters', '-of', 'json', out], {
    encoding: 'utf8',
  })
  const { chapters } = JSON.parse(said) as {
    chapters: { start_time: string; end_time: string; tags: { title: string } }[]
  }
  assert.equal(
    chapters.map(({ tags }) => tags.title),
    ['Scene 1', 'Scene 2: a=b;#\\\n<c> --> &'],
  )
  assert.ok(Math.abs(Number(chapters[1]?.start_time) - (10 * 1001) / 30000) < 1e-3)
})

formats('WebVTT has a cue for each scene, with nothing that ends it early', () => {
  assert.equal(write('webvtt').split('\n'), [
    'WEBVTT',
    '',
    '1',
    '00:00:00.000 --> 00:00:00.334',
    'Scene 1',
    '',
    '2',
    '00:00:00.334 --> 00:00:01.335',
    'Scene 2: a=b;#\\ &lt;c&gt; --&gt; &amp;',
    '',
  ])
})

formats.run()
