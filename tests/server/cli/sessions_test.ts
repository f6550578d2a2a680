import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { workFolderName } from '../../../server/engine/folders.ts'
import { cutsClip } from '../../media.ts'
import { createShell, endChildren, reportOf, runHere, until } from './run.ts'

// One session is killed, interrupted, cancelled, paused and at last completed: each test goes on where the one
// before it stopped, so that the film is encoded once.
const sessions = suite('cutroom sessions')

const shell = createShell()
const here = (...args: string[]) => runHere(...args, '--data', shell.data)

const film = () => cutsClip('film.mp4', [50, 50, 50, 50, 50, 50], { size: '640x360' })
// At a rate of its own every clip is an encode of its own, so that they come one by one.
const order = [
  ...['archive', film(), '--artwork', 'Tide', '--date', '26-11-20'],
  ...['--set', 'video.fps=25', '--json'],
]

const list = async () =>
  JSON.parse((await here('sessions', '--json')).stdout) as { session: string; status: string }[]

const show = async (key: string) => reportOf(await here('show', key, '--json'))

const ffmpegs = () =>
  execFileSync('ps', ['-eo', 'args'])
    .toString()
    .split('\n')
    .filter((line) => line.includes(shell.data) && /ffmpeg/.test(line.split(' ')[0] ?? ''))

const project = path.join(shell.data, 'output/26-11-20_Tide')
const clips = () => {
  const folder = path.join(project, 'Video-clips')
  return existsSync(folder) ? readdirSync(folder) : []
}

let key = ''

/** Starts a process that works on the session, and waits for the next clip and for one that is on its way. */
async function underWay(...args: string[]) {
  const before = clips().length
  const running = shell.start(...args)
  await until(() => clips().length > before && ffmpegs().length > 0)
  key ||= (await list())[0]?.session ?? ''
  return running
}

const nothingHalfMade = () => {
  assert.equal(ffmpegs(), [])
  assert.not(readdirSync(project).includes(workFolderName))
}

sessions('there are none at first', async () => {
  assert.equal(await list(), [])
  assert.match((await here('sessions')).stdout, 'No sessions yet')
  assert.is((await here('show', 'nokey')).code, 1)
})

sessions('what is finished survives kill -9', async () => {
  const { child, ended } = await underWay(...order)
  child.kill('SIGKILL')
  await ended
  const kept = (await show(key)).files.filter(({ role }) => role === 'clip')
  assert.ok(kept.length > 0)
  for (const file of kept) assert.ok(existsSync(file.path))
})

sessions('Ctrl-C cancels a session and exits with 130', async () => {
  const { child, ended } = await underWay('resume', key, '--json')
  child.kill('SIGINT')
  const ran = await ended
  assert.is(ran.code, 130)
  assert.is(reportOf(ran).status, 'cancelled')
  nothingHalfMade()
})

sessions('cancel from another shell ends it within a second or so', async () => {
  const { ended } = await underWay('resume', key, '--json')
  const asked = Date.now()
  const cancelled = await here('cancel', key, '--json')
  assert.ok(Date.now() - asked < 3000, `${Date.now() - asked} ms`)
  assert.is(reportOf(cancelled).status, 'cancelled')
  assert.is((await ended).code, 130)
  nothingHalfMade()
  assert.is((await here('cancel', key)).code, 1)
})

sessions('pause finishes what runs; nothing can be deleted meanwhile', async () => {
  const { ended } = await underWay('resume', key, '--json')
  const refused = await here('delete', key)
  assert.is(refused.code, 1)
  assert.match(refused.stderr, 'running')
  await here('pause', key)
  assert.is((await ended).code, 1)
  const rested = await show(key)
  assert.is(rested.status, 'paused')
  assert.not(rested.operations.some(({ status }) => status === 'processing' || status === 'cancelled'))
})

sessions('a paused session is resumed, and goes on from its proven outputs', async () => {
  const before = (await show(key)).files.filter(({ role }) => role === 'clip')
  const ran = await here('resume', key, '--json')
  assert.is(ran.code, 0, ran.stderr)
  const report = reportOf(ran)
  assert.is(report.status, 'completed')
  assert.is(report.files.filter(({ role }) => role === 'clip').length, 6)
  for (const { path, sha256 } of before)
    assert.is(report.files.find((file) => file.path === path)?.sha256, sha256)
  nothingHalfMade()
})

sessions(
  'two shells on one database run side by side; delete forgets, and removes when told so',
  async () => {
    const short = cutsClip('two.mp4', [30, 30])
    const args = ['archive', short, '--artwork', 'Tide', '--set', 'video.speed=ultrafast', '--json']
    const [one, two] = await Promise.all([shell.run(...args), shell.run(...args)])
    assert.is(one.code, 0, one.stderr)
    assert.is(two.code, 0, two.stderr)
    const [first, second] = [reportOf(one), reportOf(two)]
    assert.is.not(first.output, second.output)
    assert.is((await here('delete', first.session)).code, 0)
    assert.ok(existsSync(first.output ?? ''))
    assert.is((await here('delete', second.session, '--with-outputs')).code, 0)
    assert.not.ok(existsSync(second.output ?? ''))
    assert.equal(
      (await list()).map(({ session }) => session),
      [key],
    )
    assert.is((await here('delete', first.session)).code, 1)
  },
)

sessions.after(endChildren)
sessions.run()
