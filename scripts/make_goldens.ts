/**
 * Asks PySceneDetect what its detectors make of every golden clip and film, for tests/goldens:
 * `node --import tsx scripts/make_goldens.ts --peer PYTHON`, a python that can import scenedetect and cv2.
 */

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { goldenClips, goldenFilms, hashFrames, makeGoldenClip } from './golden_clips.ts'

const project = path.resolve(import.meta.dirname, '..')
const { values } = parseArgs({
  options: {
    peer: { type: 'string', default: 'python3' },
    media: { type: 'string', default: path.join(project, '../shared/media') },
  },
})
const folder = mkdtempSync(path.join(os.tmpdir(), 'cutroom-goldens-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

const ask = (files: string[]): [file: string, answer: object][] => {
  const script = path.join(import.meta.dirname, 'pyscenedetect_goldens.py')
  const told = execFileSync(values.peer, [script, ...files], { maxBuffer: 1 << 28, encoding: 'utf8' })
  return Object.entries(JSON.parse(told.slice(told.indexOf('{'))) as Record<string, object>)
}

const write = (name: string, goldens: [key: string, golden: object][]) => {
  const lines = goldens.map(([key, golden]) => `${JSON.stringify(key)}: ${JSON.stringify(golden)}`)
  writeFileSync(path.join(project, 'tests/goldens', name), `{\n${lines.join(',\n')}\n}\n`)
  console.log(`${name}: ${lines.length}`)
}

const clips = ask(goldenClips.map((name) => makeGoldenClip(name, values.media, folder)))
write(
  'clips.json',
  clips.map(([file, answer]) => [hashFrames(file), { clip: path.basename(file), ...answer }]),
)
const films = ask(goldenFilms.map((name) => path.join(values.media, name)))
write(
  'films.json',
  films.map(([file, answer]) => [path.basename(file), answer]),
)
