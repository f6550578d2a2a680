/**
 * Scenes from cuts, how they are chosen, and the list that PySceneDetect would write.
 */

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { parseGroup, parseSceneChoice, sceneListCsv, scenesFromCuts } from '../../../workers/media/scenes.ts'

const scenes = suite('scenes')

const even = (frames: number, rate: number) => Float64Array.from({ length: frames }, (_, i) => i / rate)
const film = (frames: number, cuts: number[], rate = 25) => ({
  frames,
  cuts,
  times: even(frames, rate),
  duration: frames / rate,
  fps: { num: rate, den: 1 },
})

scenes('lie between cuts, and end where the next begins', () => {
  assert.equal(scenesFromCuts(film(100, [25, 75])), [
    { number: 1, startFrame: 0, endFrame: 25, start: 0, end: 1 },
    { number: 2, startFrame: 25, endFrame: 75, start: 1, end: 3 },
    { number: 3, startFrame: 75, endFrame: 100, start: 3, end: 4 },
  ])
})

scenes('are one where there is no cut, and none where there is no frame', () => {
  assert.is(scenesFromCuts(film(10, [])).length, 1)
  assert.equal(scenesFromCuts(film(0, [])), [])
})

scenes('are the same whether frame 0 is told as a cut or not', () => {
  assert.equal(scenesFromCuts(film(100, [0, 25])), scenesFromCuts(film(100, [25])))
})

scenes.run()

const choice = suite('scene choice')

choice('reads all, none, numbers and ranges', () => {
  assert.equal(parseSceneChoice('all', 3), [1, 2, 3])
  assert.equal(parseSceneChoice(' None ', 3), [])
  assert.equal(parseSceneChoice('5, 1,3-4, 3', 6), [1, 3, 4, 5])
})

choice('says what is wrong with what it cannot read', () => {
  assert.throws(() => parseSceneChoice('', 3), /cannot be read. Scenes are chosen as all, none or a list/)
  assert.throws(() => parseSceneChoice('1;2', 3), /“1;2” cannot be read/)
  assert.throws(() => parseSceneChoice('3-1', 3), /“3-1” runs backwards; write 1-3/)
  assert.throws(() => parseSceneChoice('2,7', 3), /There is no scene 7. The scenes are numbered 1 to 3/)
  assert.throws(() => parseSceneChoice('0', 1), /There is no scene 0. There is only scene 1/)
})

choice('reads groups of two or more, in the order of playing', () => {
  assert.equal(parseGroup('2-4', 9), [2, 3, 4])
  assert.equal(parseGroup('5,2', 9), [5, 2])
  assert.throws(() => parseGroup('4', 9), /needs two or more scenes/)
  assert.throws(() => parseGroup('2 and 3', 9), /A group is a list of scenes such as/)
})

choice('does not count out a range that no film can have', () => {
  assert.throws(() => parseSceneChoice('1-99999999999', 5), /There is no scene 99999999999/)
})

choice.run()

const list = suite('scene list')

list('begins with the times of the cuts, and counts frames from 1', () => {
  assert.is(
    sceneListCsv(film(100, [25]))
      .split('\n')
      .slice(0, 4)
      .join('\n'),
    [
      'Timecode List:,00:00:01.000',
      'Scene Number,Start Frame,Start Timecode,Start Time (seconds),End Frame,End Timecode,End Time (seconds),Length (frames),Length (timecode),Length (seconds)',
      '1,1,00:00:00.000,0.000,25,00:00:01.000,1.000,25,00:00:01.000,1.000',
      '2,26,00:00:01.000,1.000,100,00:00:04.000,4.000,75,00:00:03.000,3.000',
    ].join('\n'),
  )
})

list('has an empty first row where there is no cut', () => {
  assert.is(sceneListCsv(film(25, [])).split('\n')[0], '')
})

list('rounds a half of a millisecond to the even side', () => {
  const rows = sceneListCsv(film(64, [1, 3], 16)).split('\n')
  assert.is(rows[0], 'Timecode List:,00:00:00.062,00:00:00.188')
})

list('goes past a minute and an hour', () => {
  const late = film(36_000 * 25 + 1, [1500, 90_000])
  assert.is(sceneListCsv(late).split('\n')[0], 'Timecode List:,00:01:00.000,01:00:00.000')
})

list('ends where an uneven film ends, however near a count of its frames comes', () => {
  const uneven = { ...film(25, [20]), duration: 1.01 }
  const ends = (variable: boolean) =>
    sceneListCsv({ ...uneven, variable })
      .trimEnd()
      .split(',')
      .at(-1)
  assert.equal([ends(false), ends(true)], ['0.200', '0.210'])
})

list.run()
