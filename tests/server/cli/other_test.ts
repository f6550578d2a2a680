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

other(
  'detect takes any detector, with the threshold of that or another, and tells which there are',
  async () => {
    const shell = createShell()
    const json = ['--format', 'json', '--scores']
    const { stdout } = await shell.run('detect', clip(), '--detector', 'histogram', ...json)
    const found = JSON.parse(stdout) as {
      detector: string
      threshold: number
      cuts: number[]
      scores: number[]
    }
    assert.equal([found.detector, found.threshold, found.cuts], ['histogram', 0.2, [30, 70]])
    assert.ok((found.scores[30] ?? 0) >= 0.2 && (found.scores[31] ?? 1) < 0.2)
    const few = await shell.run('detect', clip(), '--detector', 'adaptive', '--threshold', '255', ...json)
    assert.is((JSON.parse(few.stdout) as { threshold: number }).threshold, 255)
    for (const bad of [
      ['--detector', 'magic'],
      ['--detector', 'hash', '--threshold', '30'],
      ['--threshold', '0'],
    ]) {
      assert.is((await runHere('detect', clip(), ...bad)).code, 2, bad.join(' '))
    }
    assert.match((await runHere('detect', clip(), '--detector', 'magic')).stderr, /adaptive +3 +hard cuts/)
    assert.match((await runHere('detect', '--help')).stdout, /histogram +0\.2 +hard cuts/)
  },
)

other('the version tells every part, and a service is printed for this very program', async () => {
  const { code, stdout } = await runHere('--version')
  assert.is(code, 0)
  assert.match(stdout, /^Cutroom \d+\.\d+\.\d+ \(from its source\)/)
  for (const part of ['node', 'sqlite', 'ffmpeg', 'ffprobe'])
    assert.match(stdout, new RegExp(`^  ${part} +\\S*\\d`, 'm'))
  const unit = await runHere('service', '--kind', 'systemd', '--data', '/srv/it', '--host', '0.0.0.0')
  assert.match(unit.stdout, 'ExecStart="' + process.execPath)
  assert.match(unit.stdout, '"--host" "0.0.0.0" "--port" "8080" "--data" "/srv/it"')
  assert.match((await runHere('service', '--kind', 'launchd')).stdout, '<plist version="1.0">')
  assert.is((await runHere('service', '--kind', 'cron')).code, 2)
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

other('settings are listed, read and changed; what they cannot be is said, and changes nothing', async () => {
  const shell = createShell()
  const settings = (...words: string[]) => runHere('settings', ...words, '--data', shell.data)
  const all = JSON.parse((await settings('list', '--json')).stdout) as Record<string, string>
  assert.equal([all.parallel_workers, all.max_resume_age_days], ['4', '7'])
  assert.match((await settings('list')).stdout, /^max_resume_age_days +7 /m)
  assert.equal(await settings('set', 'max_resume_age_days', '30'), { code: 0, stdout: '', stderr: '' })
  assert.is((await settings('get', 'max_resume_age_days')).stdout, '30\n')
  assert.equal(JSON.parse((await settings('get', 'ui_theme', '--json')).stdout), {
    key: 'ui_theme',
    value: all.ui_theme,
  })
  for (const [words, said] of [
    [['set', 'max_resume_age_days', 'soon'], /max_resume_age_days: /],
    [['set', 'detector_default', 'magic'], /there is no such detector; there are/],
    [['set', 'no_such', '1'], /there is no setting “no_such”; settings list tells all/],
    [['get', 'no_such'], /there is no setting “no_such”/],
    [['get'], /settings get takes a key\./],
    [['set', 'ui_theme'], /settings set takes a key and a value\./],
    [['list', 'ui_theme'], /settings list takes nothing more\./],
    [['reset'], /“reset” is not list, get or set\./],
  ] as const) {
    const { code, stdout, stderr } = await settings(...words)
    assert.equal([code, stdout], [2, ''], words.join(' '))
    assert.match(stderr, said)
  }
  const after = JSON.parse((await settings('list', '--json')).stdout) as Record<string, string>
  assert.equal(after, { ...all, max_resume_age_days: '30' })
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
