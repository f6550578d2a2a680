/**
 * The one place that starts ffmpeg and ffprobe.
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setPriority } from 'node:os'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { type Children, OperationError, type Tools } from './operation.ts'

/** What may be read: plain media files. Playlists and scripts that name other files are not among them. */
const formats = [
  'mov,mp4,m4a,3gp,3g2,mj2',
  'matroska,webm',
  'avi,mpegts,mpegtsraw,mpeg,mpegvideo,mxf,mxf_opatom,gxf,dv,flv,live_flv,asf,nut,ogg,wtv,ivf',
  'h264,hevc,m4v,obu,av1,vc1,rawvideo,yuv4mpegpipe,gif,apng,webp_pipe,rm,swf,bink,smk,vob,nuv,r3d,cine,lmlm4',
  'wav,mp3,aac,flac,aiff,ac3,eac3,dts,amr,caf,w64,opus,au',
  'png_pipe,jpeg_pipe,tiff_pipe,bmp_pipe,webp_pipe,j2k_pipe,exr_pipe,dpx_pipe,psd_pipe,jpegls_pipe,ppm_pipe,pgm_pipe',
].join(',')

const guard = ['-protocol_whitelist', 'file,pipe', '-format_whitelist', formats]

export interface RunOptions {
  signal: AbortSignal
  children: Children
  /** Seconds of output written so far. */
  onTime?: (seconds: number) => void
  /** Frames of output written so far. */
  onFrames?: (frames: number) => void
}

/** Arguments that open one file, safely whatever its name or content. */
export const input = (path: string, ...before: string[]): string[] => [
  ...before,
  ...guard,
  '-i',
  fileUrl(path),
]

/** `file:` keeps a name such as `-x.mov`, `a:b.mov` or `pipe:1` from being read as anything but a file. */
export const fileUrl = (path: string) => `file:${path}`

/**
 * Runs ffmpeg to its end.
 * @throws OperationError `ffmpeg_failed` with ffmpeg's own last complaint, or the signal's reason.
 */
export async function ffmpeg(tools: Tools, args: string[], options: RunOptions): Promise<void> {
  const run = start(tools.ffmpeg, ['-progress', 'pipe:1', ...quietly, ...args], options)
  createInterface({ input: run.stdout }).on('line', (line) => {
    const [, key, value] = /^(out_time_ms|frame)=\s*(\d+)$/.exec(line) ?? []
    // Both spellings of ffmpeg's out_time count microseconds; the older build knows only this one.
    if (key === 'out_time_ms') options.onTime?.(Number(value) / 1e6)
    if (key === 'frame') options.onFrames?.(Number(value))
  })
  await run.finished
}

export interface Decoding {
  /** Raw frames, back to back. */
  stdout: Readable
  /** File descriptor 3 of the child: what its `metadata=print:file=pipe\:3` filter tells. */
  notes: Readable
  /** Settles with the child; rejects as `ffmpeg` does. */
  finished: Promise<void>
}

/** Starts ffmpeg with its output on a pipe, for those who read frames themselves. */
export function decode(tools: Tools, args: string[], options: RunOptions): Decoding {
  const run = start(tools.ffmpeg, [...quietly, ...args], options)
  return { stdout: run.stdout, notes: run.notes, finished: run.finished }
}

/**
 * Runs ffprobe and reads its JSON.
 * @throws OperationError `ffprobe_failed`.
 */
export async function ffprobe<T>(
  tools: Tools,
  path: string,
  args: string[],
  options: RunOptions,
): Promise<T> {
  const whole = ['-v', 'error', ...args, '-of', 'json', ...input(path)]
  const run = start(tools.ffprobe, whole, options)
  const [json] = await Promise.all([text(run.stdout), run.finished])
  return JSON.parse(json) as T
}

function start(binary: string, args: string[], { signal, children }: RunOptions) {
  signal.throwIfAborted()
  const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] })
  const finished = settle(child, signal, children)
  finished.catch(() => undefined) // the caller awaits it later, perhaps after reading stdout
  return { stdout: child.stdout as Readable, notes: child.stdio[3] as Readable, finished }
}

async function settle(child: ChildProcess, signal: AbortSignal, children: Children): Promise<void> {
  const kill = () => child.kill('SIGKILL')
  const complaints: string[] = []
  let usage = { cpuSeconds: 0, peakMemoryBytes: 0 }
  signal.addEventListener('abort', kill, { once: true })
  if (child.stderr) {
    createInterface({ input: child.stderr }).on('line', (line) => {
      const cost = readBenchmark(line)
      if (cost)
        usage = {
          cpuSeconds: usage.cpuSeconds + cost.cpuSeconds,
          peakMemoryBytes: Math.max(usage.peakMemoryBytes, cost.peakMemoryBytes),
        }
      else if (isComplaint(line)) complaints.push(line)
      if (complaints.length > 20) complaints.shift()
    })
  }
  if (child.pid !== undefined) {
    children.started(child.pid)
    giveWay(child.pid)
  }
  try {
    const [code] = (await once(child, 'close')) as [number | null]
    signal.throwIfAborted()
    if (code !== 0) throw new OperationError('ffmpeg_failed', reason(complaints, code))
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof OperationError) throw error
    throw new OperationError(
      'ffmpeg_missing',
      `${child.spawnfile} could not be started: ${(error as Error).message}`,
    )
  } finally {
    signal.removeEventListener('abort', kill)
    if (child.pid !== undefined) children.ended(child.pid, usage)
  }
}

/** Reads the two lines of `-benchmark`: `bench: utime=1.2s stime=0.1s rtime=2s` and `bench: maxrss=52kB`. */
export function readBenchmark(line: string): { cpuSeconds: number; peakMemoryBytes: number } | undefined {
  if (!line.includes('bench: ')) return undefined
  const seconds = (key: string) => Number(new RegExp(`${key}=([\\d.]+)s`).exec(line)?.[1] ?? 0)
  const kilobytes = Number(/maxrss=(\d+)/.exec(line)?.[1] ?? 0)
  return { cpuSeconds: seconds('utime') + seconds('stime'), peakMemoryBytes: kilobytes * 1024 }
}

/** With `-loglevel level+info` every line carries its level; only what went wrong is worth keeping. */
const isComplaint = (line: string) =>
  /\[(error|fatal|panic)\]/.test(line) || !/\[(info|warning|verbose|debug)\]/.test(line)

function reason(complaints: string[], code: number | null): string {
  const last = complaints
    .at(-1)
    ?.replace(/\[[^\]]*\]\s*/g, '')
    .replace(/file:/g, '')
    .trim()
  return last || `ffmpeg ended with code ${code} and gave no reason.`
}

/** Media work yields to the server that people are looking at. */
function giveWay(pid: number): void {
  try {
    setPriority(pid, 10)
  } catch {
    // it has ended already
  }
}

const quietly = ['-hide_banner', '-nostdin', '-nostats', '-benchmark', '-loglevel', 'level+info', '-y']
