/**
 * Asks PySceneDetect what it makes of every golden clip, for tests/goldens/content.json:
 * `node --import tsx scripts/make_goldens.ts --peer PYTHON`, a python that can import scenedetect and cv2.
 */

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { goldenClips, hashFrames, makeGoldenClip } from './golden_clips.ts'

interface Answer {
  frames: number
  rate: string
  cuts: number[]
  scores: number[]
}

const project = path.resolve(import.meta.dirname, '..')
const { values } = parseArgs({
  options: {
    peer: { type: 'string', default: 'python3' },
    media: { type: 'string', default: path.join(project, '../shared/media') },
  },
})
const folder = mkdtempSync(path.join(os.tmpdir(), 'cutroom-goldens-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

const files = goldenClips.map((name) => makeGoldenClip(name, values.media, folder))
const script = path.join(import.meta.dirname, 'pyscenedetect_goldens.py')
const told = execFileSync(values.peer, [script, ...files], { maxBuffer: 1 << 26, encoding: 'utf8' })
const answers = JSON.parse(told.slice(told.indexOf('{'))) as Record<string, Answer>
const goldens = Object.entries(answers).map(([file, answer]) => [
  hashFrames(file),
  { clip: path.basename(file), ...answer },
])
const lines = goldens.map(([hash, golden]) => `${JSON.stringify(hash)}: ${JSON.stringify(golden)}`)
writeFileSync(path.join(project, 'tests/goldens/content.json'), `{\n${lines.join(',\n')}\n}\n`)
console.log(`${lines.length} clips`)
