/**
 * What the campaign works on: a film that is drawn, and stretches of real ones.
 */

import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'

export interface Film {
  name: string
  path: string
  /** What is asked for beyond the defaults, as the form of a new archive takes it. */
  form: Record<string, string>
  /** Scenes that are to be one clip. */
  group: number[]
}

const project = path.resolve(import.meta.dirname, '../..')
const shared = path.resolve(project, '../shared/media')

/** A round should take seconds, and torn files tear as well at a fast speed. */
const fast = { speed: 'veryfast', maxWidth: '320' }

/** @param folder where films are made. */
export function makeFilms(folder: string, ffmpeg: string, { short }: { short: boolean }): Film[] {
  mkdirSync(folder, { recursive: true })
  const make = (name: string, args: string[]) => {
    const file = path.join(folder, name)
    if (!existsSync(file))
      execFileSync(ffmpeg, ['-v', 'error', '-nostdin', '-y', ...args, `file:${file}`], { stdio: 'inherit' })
    return file
  }
  const drawn: Film = {
    name: 'drawn',
    path: make('drawn.mp4', drawnScenes(short ? [24, 20, 16, 24] : [30, 40, 24, 30, 20, 26])),
    form: fast,
    group: [2, 3],
  }
  if (short) return [drawn]
  const excerpts = found
    .filter(({ file }) => existsSync(file))
    .map(({ file, from }): Film => {
      const name = path.parse(file).name
      const cut = ['-ss', String(from), '-i', `file:${file}`, '-t', '5', '-vf', 'scale=320:-2']
      const made = make(`${name}.mp4`, [...cut, '-c:v', 'libx264', '-preset', 'veryfast', '-c:a', 'aac'])
      return { name, path: made, form: fast, group: [] }
    })
  return [drawn, ...excerpts]
}

/** Where a few seconds have several cuts. */
const found = [
  { file: path.join(project, 'static/sample/sintel.mp4'), from: 8 },
  { file: path.join(shared, 'tears_of_steel.webm'), from: 14 },
  { file: path.join(shared, 'big_buck_bunny.mp4'), from: 20 },
]

/** Stretches of so many frames, at 25 a second, each of another colour; with a tone. */
function drawnScenes(lengths: number[]): string[] {
  const colours = ['red', 'blue', 'white', 'green', 'yellow', 'purple', 'gray', 'orange']
  const inputs = lengths.flatMap((frames, n) => {
    const facts = `size=240x136:rate=25:duration=${frames / 25}`
    const colour = colours[n % colours.length]
    const drawn = `testsrc2=${facts}[a];color=${colour}:${facts}[b];[b][a]blend=all_mode=average`
    return ['-f', 'lavfi', '-i', drawn]
  })
  const seconds = lengths.reduce((sum, frames) => sum + frames, 0) / 25
  const joined = `${lengths.map((_, n) => `[${n}:v]`).join('')}concat=n=${lengths.length},format=yuv420p[v]`
  return [
    ...inputs,
    ...['-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=48000:duration=${seconds}`],
    ...['-filter_complex', joined, '-map', '[v]', '-map', `${lengths.length}:a`],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '18', '-g', '50', '-c:a', 'aac'],
  ]
}
