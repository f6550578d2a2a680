import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  aboutBytesText,
  bytesText,
  countText,
  doneText,
  gridTimecode,
  leftText,
  lengthText,
  sentence,
  sessionState,
  spanText,
  stepTitle,
} from '../../templates/words.ts'
import type { Operation } from '../../db/schema.ts'
import archive from '../../workers/pipelines/archive.ts'

const words = suite('words')

words('bytes are told in the unit that reads best', () => {
  const told = [0, 999, 1000, 448_000, 999_999, 24_800_000, 6.1e9, 2.4e12, null].map(bytesText)
  assert.equal(told, ['0 B', '999 B', '1 KB', '448 KB', '1.0 MB', '24.8 MB', '6.1 GB', '2.4 TB', '—'])
})

words('of a guess only the first digits are told', () => {
  const told = [12, 1_234, 45_678, 1_249_999, 14_400_000, 344_000_000, 9.96e8].map(aboutBytesText)
  assert.equal(told, ['12 B', '1 KB', '46 KB', '1.2 MB', '14 MB', '340 MB', '1 GB'])
})

words('what was cancelled or failed is not told as done', () => {
  const told = (...statuses: Operation['status'][]) => doneText(statuses.map((status) => ({ status })))
  assert.is(told('completed', 'skipped', 'cancelled', 'pending'), '2 of 4 done')
  assert.is(told('completed', 'failed', 'completed'), '2 of 3 done, 1 failed')
})

words('spans and what is left of them', () => {
  assert.equal([0.04, 9.94, 9.96, 48, 59.6, 125, 1799, 4320].map(spanText), [
    ...['0.0 s', '9.9 s', '10 s', '48 s', '1 min 00 s', '2 min 05 s', '30 min', '1 h 12 min'],
  ])
  assert.equal([0, 4.2, 17, 60, 3700].map(leftText), [
    ...['1 s left', '5 s left', 'about 20 s left', 'about 1 min left', 'about 1.0 h left'],
  ])
})

words('what is wrong becomes a sentence, and a key stays as it is written', () => {
  const told = ['it takes 1 to 9', 'There is none.', 'video.crf: it takes 0 to 51', '“x” is no number'].map(
    sentence,
  )
  assert.equal(told, [
    ...['It takes 1 to 9.', 'There is none.', 'video.crf: it takes 0 to 51.', '“x” is no number.'],
  ])
})

words('lengths, counts and timecodes', () => {
  assert.equal([52.2, 1445, 3730, null].map(lengthText), ['0:52', '24:05', '1:02:10', '—'])
  assert.equal(
    [countText(1, 'scene'), countText(1204, 'file'), countText(0, 'cut')],
    [...['1 scene', '1,204 files', '0 cuts']],
  )
  const timing = { rate: { num: 24, den: 1 }, variable: false }
  assert.equal(gridTimecode({ frame: 226, time: 9.4 }, timing), { time: '00:09', frames: ':10' })
  assert.equal(gridTimecode({ frame: 86_400, time: 3600 }, timing), { time: '01:00:00', frames: ':00' })
  const uneven = { ...timing, variable: true }
  assert.equal(gridTimecode({ frame: 226, time: 11.9 }, uneven), { time: '00:11', frames: '.900' })
})

words('a session says what it does, and what it was told to do', () => {
  assert.is(sessionState({ status: 'waiting', wanted: 'run' }, 0).word, 'waiting for a choice')
  assert.is(sessionState({ status: 'processing', wanted: 'pause' }, 0).word, 'pausing, finishing what runs')
  assert.is(sessionState({ status: 'processing', wanted: 'cancel' }, 0).word, 'cancelling')
  assert.is(sessionState({ status: 'cancelled', wanted: 'cancel' }, 0).word, 'cancelled')
  assert.equal(sessionState({ status: 'completed', wanted: 'run' }, 2), {
    tone: 'warning',
    word: 'completed, 2 problems',
  })
})

words('steps are called on pages as they are in the shell', () => {
  for (const { operation } of archive.steps) assert.is(stepTitle(operation.name), operation.title)
})

words.run()
