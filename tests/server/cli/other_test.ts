import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { cutsClip } from '../../media.ts'
import { createShell, endChildren, runHere } from './run.ts'

const other = suite('cutroom detect, presets, db, help')

const clip = () => cutsClip('three.mp4', [30, 40, 25])

other('detect tells frames, cuts, scenes and, when asked, scores', async () => {
  const shell = createShell()
  const { code, stdout, stderr } = await shell.run('detect', clip(), '--format', 'json', '--scores')
  assert.is(code, 0, stderr)
  const found = JSON.parse(stdout) as {
    file: string
    frames: number
    fps: number
    cuts: number[]
    scenes: unknown[]
    scores: number[]
  }
  assert.is(found.file, clip())
  assert.is(found.frames, 95)
  assert.is(found.fps, 25)
  assert.equal(found.cuts, [30, 70])
  assert.equal(found.scenes[1], { number: 2, startFrame: 30, endFrame: 70, start: 1.2, end: 2.8 })
  assert.is(found.scores.length, 95)
  assert.ok((found.scores[30] ?? 0) >= 30)
})

other('detect takes a threshold, and writes tables and lists', async () => {
  const shell = createShell()
  const { stdout: high } = await shell.run('detect', clip(), '--threshold', '250', '--format', 'json')
  assert.equal((JSON.parse(high) as { cuts: number[] }).cuts, [])
  assert.match((await shell.run('detect', clip())).stdout, '3 scenes')
  assert.match((await shell.run('detect', clip(), '--format', 'csv')).stdout, /^Timecode List:/)
  assert.is((await runHere('detect', clip(), '--format', 'xml')).code, 2)
  assert.is((await runHere('detect', 'nowhere.mov')).code, 1)
})

other('presets are listed, shown, exported and imported; the built-in ones stay', async () => {
  const shell = createShell()
  const presets = (...args: string[]) => runHere('presets', ...args, '--data', shell.data)
  const list = JSON.parse((await presets('list', '--json')).stdout) as {
    id: string
    builtin: boolean
  }[]
  assert.equal(list.map(({ id }) => id).sort(), ['retina_showcase', 'ultra_light', 'webflow_standard'])
  assert.match((await presets('show', 'ultra_light')).stdout, /video\.crf\s+23/)
  const exported = await presets('export', 'retina_showcase')
  const file = path.join(shell.cwd, 'mine.json')
  writeFileSync(file, exported.stdout.replace('"retina_showcase"', '"mine"'))
  assert.match((await presets('import', file)).stdout, 'mine')
  assert.match((await presets('import', file)).stdout, /mine[_-]?2/)
  writeFileSync(file, readFileSync(file, 'utf8').replace(/"crf": \d+/, '"crf": 99'))
  assert.is.not((await presets('import', file)).code, 0)
  assert.is((await presets('show', 'none')).code, 1)
})

other('db tells where it is, and what is in it', async () => {
  const shell = createShell()
  assert.is((await shell.run('db', 'path')).stdout, `${path.join(shell.data, 'cutroom.db')}\n`)
  assert.match((await shell.run('db', 'migrate')).stdout, 'Up to date')
  const { tables } = JSON.parse((await shell.run('db', 'inspect', '--json')).stdout) as {
    tables: { name: string }[]
  }
  assert.ok(tables.some(({ name }) => name === 'session'))
})

other('every command explains itself', async () => {
  const { stdout } = await runHere('--help')
  for (const name of [
    'archive',
    'detect',
    'sessions',
    'show',
    'resume',
    'pause',
    'cancel',
    'delete',
    'presets',
    'db',
    'serve',
  ]) {
    assert.match(stdout, name)
    const help = await runHere(name, '--help')
    assert.is(help.code, 0)
    assert.match(help.stdout, `usage: cutroom ${name}`)
  }
})

other('a data folder that cannot be written is one clear line', async () => {
  const shell = createShell('/proc/nowhere')
  const ran = await shell.run('sessions')
  assert.is(ran.code, 1)
  assert.is(ran.stderr.trim().split('\n').length, 1)
  assert.match(ran.stderr, '/proc/nowhere')
})

other('a relative data folder starts where the person stands', async () => {
  const shell = createShell('mine')
  assert.is((await shell.run('db', 'path')).stdout, `${path.join(shell.cwd, 'mine/cutroom.db')}\n`)
  const given = await shell.run('db', 'path', '--data', 'yours')
  assert.is(given.stdout, `${path.join(shell.cwd, 'yours/cutroom.db')}\n`)
})

other('several commands at once on a new data folder make one database', async () => {
  const shell = createShell()
  const ran = await Promise.all(Array.from({ length: 4 }, () => shell.run('sessions', '--json')))
  assert.equal(
    ran.map(({ code, stdout, stderr }) => `${code} ${stdout.trim()}${stderr}`),
    ran.map(() => '0 []'),
  )
})

other.after(endChildren)
other.run()
