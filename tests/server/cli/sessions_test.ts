import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { workFolderName } from '../../../server/engine/folders.ts'
import { cutsClip } from '../../media.ts'
import { createShell, reportOf, type Shell, until } from './run.ts'

const sessions = suite('cutroom sessions')

/** Long enough that something can be done to it meanwhile. */
const longClip = () =>
  cutsClip('long.mp4', [75, 75, 75, 75], {
    size: '640x360',
    args: ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac'],
  })
const order = ['archive', longClip(), '--artwork', 'Tide', '--date', '26-11-20', '--json']

const list = async (shell: Shell) => {
  const ran = await shell.run('sessions', '--json')
  return ran.code === 0 ? (JSON.parse(ran.stdout) as { session: string; status: string }[]) : []
}

const show = async (shell: Shell, key: string) => reportOf(await shell.run('show', key, '--json'))

const ffmpegsOf = (shell: Shell) =>
  execFileSync('ps', ['-eo', 'args'])
    .toString()
    .split('\n')
    .filter((line) => line.includes(shell.data) && /ffmpeg/.test(line.split(' ')[0] ?? ''))

const project = (shell: Shell) => path.join(shell.data, 'output/26-11-20_Tide')
const clips = (shell: Shell) => path.join(project(shell), 'Video-clips')

async function started(shell: Shell, args: string[]) {
  const running = shell.start(...args)
  await until(() => existsSync(clips(shell)) && readdirSync(clips(shell)).length > 0)
  const [session] = await list(shell)
  return { ...running, key: session?.session ?? '' }
}

sessions('lists what there is, and nothing at first', async () => {
  const shell = createShell()
  assert.equal(await list(shell), [])
  assert.match((await shell.run('sessions')).stdout, 'No sessions yet')
  assert.is((await shell.run('show', 'nokey')).code, 1)
})

sessions('a killed session leaves no ffmpeg after resume, and goes on from its proven outputs', async () => {
  const shell = createShell()
  const { child, ended, key } = await started(shell, order)
  child.kill('SIGKILL')
  await ended
  const before = (await show(shell, key)).files.filter(({ role }) => role === 'clip')
  const stamps = new Map(before.map(({ path }) => [path, readFileSync(path).length]))
  const ran = await shell.run('resume', key, '--json')
  assert.is(ran.code, 0, ran.stderr)
  const report = reportOf(ran)
  assert.is(report.files.filter(({ role }) => role === 'clip').length, 4)
  for (const { path, sha256 } of before)
    assert.is(report.files.find((file) => file.path === path)?.sha256, sha256)
  assert.ok(stamps.size > 0)
  assert.equal(ffmpegsOf(shell), [])
  assert.not(readdirSync(project(shell)).includes(workFolderName))
})

sessions(
  'cancel from another shell stops it within a second or so, with no child and no half file',
  async () => {
    const shell = createShell()
    const { ended, key } = await started(shell, order)
    const cancelled = await shell.run('cancel', key, '--json')
    assert.is(reportOf(cancelled).status, 'cancelled')
    assert.equal(ffmpegsOf(shell), [])
    assert.not(readdirSync(project(shell)).includes(workFolderName))
    assert.is((await ended).code, 130)
    const resumed = await shell.run('resume', key, '--json')
    assert.is(resumed.code, 0, resumed.stderr)
    assert.is(reportOf(resumed).status, 'completed')
  },
)

sessions('Ctrl-C cancels and exits with 130', async () => {
  const shell = createShell()
  const { child, ended, key } = await started(shell, order)
  child.kill('SIGINT')
  assert.is((await ended).code, 130)
  assert.is((await show(shell, key)).status, 'cancelled')
  assert.equal(ffmpegsOf(shell), [])
})

sessions('pause finishes what runs; the session rests until it is resumed', async () => {
  const shell = createShell()
  const { ended, key } = await started(shell, order)
  await shell.run('pause', key)
  await ended
  const rested = await show(shell, key)
  assert.is(rested.status, 'paused')
  assert.not(rested.operations.some(({ status }) => status === 'processing' || status === 'cancelled'))
  assert.is((await shell.run('resume', key)).code, 0)
})

sessions('two shells on one database run their sessions side by side', async () => {
  const shell = createShell()
  const args = [
    'archive',
    cutsClip('two.mp4', [30, 30]),
    '--artwork',
    'Tide',
    '--set',
    'video.speed=ultrafast',
    '--json',
  ]
  const [one, two] = await Promise.all([shell.run(...args), shell.run(...args)])
  assert.is(one.code, 0, one.stderr)
  assert.is(two.code, 0, two.stderr)
  assert.is.not(reportOf(one).output, reportOf(two).output)
  assert.is((await list(shell)).length, 2)
})

sessions('delete forgets the session, and its outputs when told so', async () => {
  const shell = createShell()
  const args = [
    'archive',
    cutsClip('two.mp4', [30, 30]),
    '--artwork',
    'Tide',
    '--set',
    'video.speed=ultrafast',
    '--json',
  ]
  const [one, two] = [reportOf(await shell.run(...args)), reportOf(await shell.run(...args))]
  assert.is((await shell.run('delete', one.session)).code, 0)
  assert.ok(existsSync(one.output ?? ''))
  assert.is((await shell.run('delete', two.session, '--with-outputs')).code, 0)
  assert.not.ok(existsSync(two.output ?? ''))
  assert.equal(await list(shell), [])
  assert.is((await shell.run('delete', one.session)).code, 1)
})

sessions.run()
