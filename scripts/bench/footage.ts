/**
 * What the bench measures on: the films of the media folder, and larger ones made from them.
 */

import { existsSync, mkdirSync, renameSync } from 'node:fs'
import path from 'node:path'
import { ffmpeg, input } from '../../workers/ffmpeg.ts'
import type { Tools } from '../../workers/operation.ts'
import { quiet } from './measure.ts'

export interface Footage {
  /** Many scenes: 27 in 70 s of 800x332, VP8. */
  dense: string
  /** Few scenes: 6 in 60 s of 640x360, H.264. */
  sparse: string
  /** 1080p H.264, 40 s. */
  hd(): Promise<string>
  /** 4K ProRes 422 HQ of 10 bits, 8 s. */
  prores(): Promise<string>
  /** The first seconds of the dense one: enough to see that nothing became much slower. */
  brief(): Promise<string>
  /** A generated film of so many minutes: a minute of six scenes, again and again. */
  generated(height: 1080 | 2160, minutes: number): Promise<string>
}

const x264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20', '-pix_fmt', 'yuv420p', '-an']
const prores = ['-c:v', 'prores', '-profile:v', '3', '-pix_fmt', 'yuv422p10le', '-an']
const fill = (width: number, height: number) => ['-vf', `scale=${width}:${height},setsar=1`]

/** Sources of ffmpeg's own that every build has. */
const patterns = ['testsrc2', 'smptebars', 'mandelbrot', 'rgbtestsrc', 'testsrc', 'smptehdbars']
const labels = (scenes: string[]) => scenes.map((_, i) => `[${i}]`).join('')

const sample = path.resolve(import.meta.dirname, '../../static/sample/sintel.mp4')

/**
 * @param media a folder with `tears_of_steel.webm` and `big_buck_bunny.mp4`; for one that is not there the short film
 *   that comes along stands in.
 * @param folder where films are made, once; what is there already is used again.
 */
export function openFootage(media: string, folder: string, tools: Tools): Footage {
  const film = (name: string) => (existsSync(path.join(media, name)) ? path.join(media, name) : sample)
  const [dense, sparse] = [film('tears_of_steel.webm'), film('big_buck_bunny.mp4')]
  mkdirSync(folder, { recursive: true })

  const write = async (file: string, args: string[]) => {
    if (existsSync(file)) return file
    const partial = path.join(folder, `part-${path.basename(file)}`)
    await ffmpeg(tools, [...args, `file:${partial}`], quiet)
    renameSync(partial, file)
    return file
  }
  const make = (name: string, source: string, before: string[], after: string[]) =>
    write(path.join(folder, `${path.parse(source).name}-${name}`), [...input(source, ...before), ...after])

  const makeMinute = (height: number) => {
    const size = `${(height * 16) / 9}x${height}`
    const scenes = patterns.map(
      (pattern) => `${pattern}=size=${size}:rate=24,trim=duration=10,setsar=1,format=yuv420p`,
    )
    const graph = [
      ...scenes.map((scene, i) => `${scene}[${i}]`),
      `${labels(scenes)}concat=n=${scenes.length}`,
    ]
    return write(path.join(folder, `generated-${height}.mp4`), ['-filter_complex', graph.join(';'), ...x264])
  }
  const hd = () => make('hd.mp4', dense, [], ['-t', '40', ...fill(1920, 1080), ...x264])
  return {
    dense,
    sparse,
    hd,
    prores: () => make('prores.mov', dense, ['-ss', '10'], ['-t', '8', ...fill(3840, 2160), ...prores]),
    brief: () => make('brief.mp4', dense, ['-ss', '10'], ['-t', '12', ...x264]),
    generated: async (height, minutes) => {
      const minute = await makeMinute(height)
      const file = path.join(folder, `generated-${height}-${minutes}.mp4`)
      const again = ['-t', String(minutes * 60), '-c', 'copy']
      return write(file, [...input(minute, '-stream_loop', '-1'), ...again])
    },
  }
}
