import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { buildFolder } from '../../../scripts/build/folder.ts'
import { buildSingle } from '../../../scripts/build/single.ts'
import { bundledFfmpeg } from '../../../workers/tools.ts'
import { folder } from '../../media.ts'

const single = suite('the single executable')

const project = path.resolve(import.meta.dirname, '../../..')
const sample = path.join(project, 'static/sample/sintel.mp4')

/** Alone in a folder, as a studio would have it. */
const home = folder()
const executable = path.join(home, 'cutroom')
const started = new Set<ChildProcess>()

single.before(async () => {
  const built = path.join(folder(), 'dist')
  await buildFolder(project, built)
  await buildSingle(project, built, path.join(built, 'cutroom'))
  copyFileSync(path.join(built, 'cutroom'), executable)
})

single.after(() => {
  for (const child of started) child.kill('SIGKILL')
})

/** Nothing of the environment is left: no PATH, no HOME. */
const run = (words: string[], file = executable) =>
  execFileSync(file, words, { env: {}, cwd: home, encoding: 'utf8', maxBuffer: 1 << 26 })

const filesIn = (place: string) =>
  readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))

/** What is seen and heard of each file, by its name: metadata tell when it was made, frames do not. */
function framesIn(place: string): Record<string, string> {
  const files = filesIn(place).filter((file) => /\.(mp4|jpg|png|webp)$/.test(file))
  const hash = (file: string) => {
    const frames = execFileSync(bundledFfmpeg(), [
      ...['-v', 'error', '-nostdin', '-i', `file:${file}`],
      ...['-map', '0:v', '-map', '0:a?', '-f', 'framemd5', '-'],
    ])
    return createHash('sha256').update(frames).digest('hex')
  }
  return Object.fromEntries(
    files.map((file) => [path.relative(place, file).replace(/^[^/]*\//, ''), hash(file)]),
  )
}

/** On one core: x264 as the bundled ffmpeg has it does not always give the same bits with two threads. */
const archiveOnCore = async (core: number, command: string[], env: Record<string, string>) => {
  const words = ['-c', String(core), ...command, 'archive', sample, '--artwork', 'Sample', '--json']
  const child = spawn('/usr/bin/taskset', words, { env, cwd: home, stdio: 'ignore' })
  started.add(child)
  assert.equal(await once(child, 'exit'), [0, null])
}

single('archives the sample as the source does, frame for frame', async () => {
  const data = folder()
  const source = [process.execPath, path.join(project, 'scripts/cutroom.mjs')]
  const another = os.availableParallelism() > 1 ? 1 : 0
  await Promise.all([
    archiveOnCore(0, [executable], {}),
    archiveOnCore(another, source, { CUTROOM_FFMPEG: bundledFfmpeg(), CUTROOM_DATA: data }),
  ])
  const made = framesIn(path.join(home, 'data/output'))
  assert.ok(Object.keys(made).length > 25, Object.keys(made).join(', '))
  assert.equal(made, framesIn(path.join(data, 'output')))
})

single('has put nothing anywhere but beside itself, in its data', () => {
  assert.equal(readdirSync(home).toSorted(), ['cutroom', 'data'])
  assert.is(readdirSync(path.join(home, 'data/cache/program')).length, 1)
})

single('serves its pages, and ends when it is told', async () => {
  const child = spawn(executable, ['serve', '--port', '0'], { env: {}, cwd: home })
  started.add(child)
  const [said] = (await once(child.stdout, 'data')) as [Buffer]
  const address = /http:\S+/.exec(said.toString())?.[0] ?? ''
  const page = await (await fetch(address)).text()
  assert.match(page, 'Sample')
  for (const [, asset = ''] of page.matchAll(/(?:src|href)="(\/static\/[^"]+)"/g))
    assert.is((await fetch(new URL(asset, address))).status, 200, asset)
  child.kill('SIGTERM')
  assert.equal(await once(child, 'exit'), [0, null])
})

single('tells what is inside, and under what licences', () => {
  const told = JSON.parse(run(['--version', '--json'])) as {
    build: string
    licences: { name: string; licence: string }[]
  }
  assert.match(told.build, /^[0-9a-f]{12}$/)
  for (const name of ['node', 'hono', 'kysely', 'better-sqlite3', 'sharp', '@ffmpeg-installer/ffmpeg'])
    assert.ok(
      told.licences.some((part) => part.name === name),
      name,
    )
  assert.equal(
    told.licences.filter(({ licence }) => licence === 'unknown'),
    [],
  )
  const cache = path.join(home, 'data/cache/program')
  const texts = readdirSync(path.join(cache, readdirSync(cache)[0] ?? '', 'licences'))
  for (const text of ['cutroom.txt', 'ffmpeg.txt', 'GPL-3.0.txt', 'LGPL-3.0.txt', 'node.txt'])
    assert.ok(texts.includes(text), text)
})

single('needs nothing of the machine but the C and C++ libraries and its devices', () => {
  const root = bareRoot()
  if (!root) return
  copyFileSync(executable, path.join(root, 'cutroom'))
  copyFileSync(sample, path.join(root, 'film.mp4'))
  const words = ['archive', '/film.mp4', '--artwork', 'Bare', '--scenes', '2', '--json']
  const told = JSON.parse(run([root, '/cutroom', ...words], '/usr/sbin/chroot')) as { status: string }
  assert.is(told.status, 'completed')
})

/** A folder to be the root of all that a process sees: libraries, two devices, nothing else. */
function bareRoot(): string | undefined {
  const root = folder()
  try {
    mkdirSync(path.join(root, 'dev'))
    execFileSync('mknod', [path.join(root, 'dev/null'), 'c', '1', '3'])
    execFileSync('mknod', [path.join(root, 'dev/urandom'), 'c', '1', '9'])
  } catch {
    console.log('LEFT OUT: only root on Linux, and not in every container, may make a root of its own')
    return undefined
  }
  const libvips = filesIn(home).filter((file) => /libvips-cpp/.test(file))
  const libraries = new Set([executable, ...libvips].flatMap(librariesOf))
  const names = [...libraries].map((file) => path.basename(file).replace(/[-.].*/, '')).toSorted()
  assert.match(names.join(' '), /^ld( lib(c|dl|gcc_s|m|pthread|resolv|rt|stdc\+\+))+$/)
  for (const library of libraries) {
    mkdirSync(path.join(root, path.dirname(library)), { recursive: true })
    copyFileSync(library, path.join(root, library))
  }
  return root
}

const librariesOf = (file: string): string[] =>
  execFileSync('ldd', [file])
    .toString()
    .match(/\/lib\S+/g) ?? []

single.run()
