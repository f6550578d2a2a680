/**
 * The one place that starts ffmpeg and ffprobe.
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setPriority } from 'node:os'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { outsideFailure } from './failure.ts'
import { openFramePipe, type Room } from './frame_pipe.ts'
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

/** 16384x16384: as large as pictures are here. A header of a few bytes may claim far more. */
const mostPixels = 2 ** 28

/** Bytes in one piece: a plane of the largest picture in 16 bits, twice. */
const mostMemory = 2 ** 30

const guard = [
  ...['-protocol_whitelist', 'file,pipe', '-format_whitelist', formats],
  ...['-max_pixels', String(mostPixels), '-max_alloc', String(mostMemory)],
]

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
 * @throws OperationError `ffmpeg_failed` with ffmpeg's own last complaint; `killed`, or what `outsideFailure` tells of
 * disk and folder; the signal's reason.
 */
export async function ffmpeg(tools: Tools, args: string[], options: RunOptions): Promise<void> {
  await ffmpegWithNotes(tools, args, options).finished
}

export interface Noted {
  /** File descriptor 3 of the child: what it is told to tell there. */
  notes: Readable
  /** Settles with the child; rejects as `ffmpeg` does. */
  finished: Promise<void>
}

/** Starts ffmpeg, for those who read its notes while it works. */
export function ffmpegWithNotes(tools: Tools, args: string[], options: RunOptions): Noted {
  const run = start(tools, tools.ffmpeg, ['-progress', 'pipe:1', ...quietly, ...args], options)
  createInterface({ input: run.stdout }).on('line', (line) => {
    const [, key, value] = /^(out_time_ms|frame)=\s*(\d+)$/.exec(line) ?? []
    // Both spellings of ffmpeg's out_time count microseconds; the older build knows only this one.
    if (key === 'out_time_ms') options.onTime?.(Number(value) / 1e6)
    if (key === 'frame') options.onFrames?.(Number(value))
  })
  return { notes: run.notes, finished: run.finished }
}

export interface Decoding {
  stdout: Readable
  /** Settles with the child; rejects as `ffmpeg` does. */
  finished: Promise<void>
}

/** Starts ffmpeg with its output on a pipe, for those who read what it writes themselves. */
export function decode(tools: Tools, args: string[], options: RunOptions): Decoding {
  const run = start(tools, tools.ffmpeg, [...quietly, ...args], options)
  return { stdout: run.stdout, finished: run.finished }
}

export interface FrameDecoding {
  /** File descriptor 3 of the child: what its second output tells. */
  notes: Readable
  /** Settles when the child has ended and all it wrote is in `room`; rejects as `ffmpeg` does. */
  finished: Promise<void>
}

/** Starts ffmpeg with raw frames on its stdout, which go straight into `room`. */
export async function decodeInto(
  room: Room,
  tools: Tools,
  args: string[],
  options: RunOptions,
): Promise<FrameDecoding> {
  const { inlet, drained } = await openFramePipe(room)
  try {
    const { notes, finished } = start(tools, tools.ffmpeg, [...quietly, ...args], options, inlet)
    return { notes, finished: Promise.all([finished, drained]).then(() => undefined) }
  } finally {
    inlet.destroy()
  }
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
  const run = start(tools, tools.ffprobe, whole, options)
  const [json] = await Promise.all([text(run.stdout), run.finished])
  return JSON.parse(json) as T
}

function start(
  { environment = {} }: Tools,
  binary: string,
  args: string[],
  { signal, children }: RunOptions,
  stdout: 'pipe' | Writable = 'pipe',
) {
  signal.throwIfAborted()
  const child = spawn(binary, args, { env: environment, stdio: ['ignore', stdout, 'pipe', 'pipe'] })
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
    const [code, ended] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
    signal.throwIfAborted()
    if (ended === 'SIGKILL' || ended === 'SIGTERM') throw killed(ended)
    const failure = failed(complaints, code ?? ended)
    // Old builds say that the disk is full, and end well.
    if (code !== 0 || failure.code === 'disk_full') throw failure
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

/** By the system where memory runs out, or by hand: that says nothing of the film, nor of what ffmpeg was asked for. */
const killed = (ended: string) =>
  new OperationError(
    'killed',
    `ffmpeg was ended from outside (${ended}). The machine may have run out of memory: retry, with fewer operations at once.`,
  )

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

function failed(complaints: string[], end: number | NodeJS.Signals | null): OperationError {
  const plain = complaints.map(plainly)
  return outsideFailure(plain) ?? new OperationError('ffmpeg_failed', reason(plain, end))
}

const plainly = (complaint: string) =>
  complaint
    .replace(/\[[^\]]*\]\s*/g, '')
    .replace(/file:/g, '')
    .trim()

function reason(complaints: string[], end: number | NodeJS.Signals | null): string {
  return complaints.at(-1) || `ffmpeg ended with ${end} and gave no reason.`
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
