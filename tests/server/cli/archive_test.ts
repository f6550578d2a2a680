import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { bundledFfmpeg } from '../../../workers/tools.ts'
import { cutsClip, make, tools } from '../../media.ts'
import { createShell, endChildren, reportOf, runHere } from './run.ts'

const archive = suite('cutroom archive')

const fast = ['--set', 'video.speed=ultrafast']
const clip = () => cutsClip('four.mp4', [30, 40, 25, 35])

const decodedFrames = async (file: string) => {
  const args = [
    '-v',
    'error',
    '-select_streams',
    'v',
    '-count_frames',
    '-show_entries',
    'stream=nb_read_frames',
    '-of',
    'csv=p=0',
    file,
  ]
  return Number(execFileSync((await tools()).ffprobe, args).toString())
}

archive('makes the whole project folder from a master', async () => {
  const shell = createShell()
  copyFileSync(clip(), path.join(shell.cwd, 'four.mp4'))
  const ran = await shell.run(
    'archive',
    'four.mp4',
    '--artwork',
    'Tide Study',
    '--date',
    '26-11-20',
    '--group',
    '2-3',
    ...fast,
    '--json',
  )
  assert.is(ran.code, 0, ran.stderr)
  const report = reportOf(ran)
  assert.is(report.status, 'completed')
  assert.is(path.basename(report.output ?? ''), '26-11-20_Tide-Study')
  const names = readdirSync(report.output ?? '', { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.\w+$/.test(name) && !name.startsWith('.'))
    .sort()
  assert.equal(names, [
    'Masters/Tide-Study_master.mp4',
    'Masters/four.mp4',
    'Stills/Compressed/Tide-Study_web_01_16x9.jpg',
    'Stills/Compressed/Tide-Study_web_02_16x9.jpg',
    'Stills/Compressed/Tide-Study_web_03_16x9.jpg',
    'Stills/Compressed/Tide-Study_web_04_16x9.jpg',
    'Stills/HQ/Tide-Study_HQ_01_16x9.png',
    'Stills/HQ/Tide-Study_HQ_02_16x9.png',
    'Stills/HQ/Tide-Study_HQ_03_16x9.png',
    'Stills/HQ/Tide-Study_HQ_04_16x9.png',
    'Video-clips/Tide-Study_clip_01.mp4',
    'Video-clips/Tide-Study_clip_02.mp4',
    'Video-clips/Tide-Study_clip_03.mp4',
    'Video-clips/Tide-Study_clip_04.mp4',
    'Video-clips/Tide-Study_group_01.mp4',
    'process_log.txt',
  ])
  assert.ok(existsSync(path.join(report.output ?? '', 'R&D/High-res')))
  const lengths = await Promise.all(
    report.files
      .filter(({ role }) => role === 'clip' || role === 'group')
      .map(({ path }) => decodedFrames(path)),
  )
  assert.equal(lengths, [30, 40, 25, 35, 65])
  for (const file of report.files) {
    const bytes = readFileSync(file.path)
    assert.is(bytes.length, file.bytes, file.path)
    assert.is(createHash('sha256').update(bytes).digest('hex'), file.sha256, file.path)
  }
  assert.ok(report.operations.every(({ status, seconds }) => status === 'completed' && seconds !== null))
})

archive('a name of any script and sign is taken as it is', async () => {
  const shell = createShell()
  const name = `R&D – café's "final" 100%.mov`
  const master = make('prores.mov', [
    '-i',
    clip(),
    '-c:v',
    'prores_ks',
    '-profile:v',
    '3',
    '-c:a',
    'pcm_s16le',
  ])
  copyFileSync(master, path.join(shell.cwd, name))
  const ran = await shell.run('archive', name, '--artwork', 'Été – 海', '--scenes', '1', ...fast, '--json')
  assert.is(ran.code, 0, ran.stderr)
  assert.is(path.basename(reportOf(ran).output ?? '').replace(/^\d\d-\d\d-\d\d_/, ''), 'Été-海')
})

archive('R&D files, presets and overrides are applied', async () => {
  const shell = createShell()
  mkdirSync(path.join(shell.cwd, 'rd'))
  execFileSync(bundledFfmpeg(), [
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    'testsrc2=size=64x48',
    '-frames:v',
    '1',
    path.join(shell.cwd, 'rd', 'sketch.png'),
  ])
  writeFileSync(path.join(shell.cwd, 'rd', 'broken.jpg'), 'not a picture')
  const ran = await shell.run(
    'archive',
    clip(),
    '--artwork',
    'Tide',
    '--rd',
    'rd',
    '--preset',
    'ultra_light',
    '--set',
    'stills_web.max_width=100',
    ...fast,
    '--json',
  )
  const report = reportOf(ran)
  const roles = new Set(report.files.map(({ role }) => role))
  assert.ok(roles.has('rd_hq') && roles.has('rd_web') && roles.has('thumbnail'))
  assert.not(roles.has('still_hq'))
  const said = report.operations.find(({ name }) => name === 'research')?.warnings.join(' ') ?? ''
  assert.match(said, 'broken.jpg')
})

archive('what is no video is refused in a sentence, and no folder is made', async () => {
  const shell = createShell()
  writeFileSync(path.join(shell.cwd, 'note.txt'), 'not a video at all')
  const ran = await shell.run('archive', 'note.txt', '--artwork', 'Tide')
  assert.is(ran.code, 1)
  assert.equal(readdirSync(path.join(shell.data, 'output')), [])
  assert.match(ran.stdout, 'failed')
})

archive('bad usage is told, and exits with 2', async () => {
  const shell = createShell()
  for (const args of [
    ['archive'],
    ['archive', clip()],
    ['archive', clip(), '--artwork', 'A', '--colour', 'red'],
    ['archive', clip(), '--artwork', 'A', '--date', '2026-11-20'],
    ['archive', clip(), '--artwork', 'A', '--date', '26-02-30'],
    ['archive', clip(), '--artwork', 'A', '--scenes', 'some'],
    ['archive', clip(), '--artwork', 'A', '--out', ''],
    ['archive', clip(), '--artwork', 'A', '--aspect', '..'],
    ['archive', clip(), '--artwork', 'A', '--set', 'video.crf=99'],
    ['archive', clip(), '--artwork', 'A', '--set', 'video.colour=red'],
    ['archive', clip(), '--artwork', 'A', '--threshold', 'high'],
    ['archive', clip(), '--artwork', 'A', '--detector', 'magic'],
    ['archive', clip(), '--artwork', 'A', '--detector', 'hash', '--threshold', '30'],
    ['archive', clip(), '--artwork', 'A', '--encoder', 'magic'],
    ['nothing'],
    ['db', 'drop'],
  ]) {
    const ran = await runHere(...args, ...(args[0] === 'nothing' ? [] : ['--data', shell.data]))
    assert.is(ran.code, 2, `${args.join(' ')}: ${ran.stderr}`)
    assert.is(ran.stdout, '')
    assert.ok(ran.stderr.length > 10)
  }
})

archive('scenes that are not there are told with what to do next, which lets them be chosen', async () => {
  const shell = createShell()
  const ran = await shell.run('archive', clip(), '--artwork', 'A', '--scenes', '99', ...fast)
  assert.is(ran.code, 1)
  const [, key = ''] = /There is no scene 99\..*cutroom resume (\w+)\)/.exec(ran.stdout) ?? []
  const again = await shell.run('resume', key)
  assert.is(again.code, 1)
  assert.match(again.stdout, `Choose its scenes in the browser (cutroom serve): /sessions/${key}`)
})

archive('a missing master and an unknown preset are told, and exit with 1', async () => {
  const shell = createShell()
  const data = ['--data', shell.data]
  assert.is((await runHere('archive', 'nowhere.mov', '--artwork', 'A', ...data)).code, 1)
  assert.is((await runHere('archive', clip(), '--artwork', 'A', '--preset', 'none', ...data)).code, 1)
})

archive.after(endChildren)
archive.run()
