/**
 * Finds ffmpeg and ffprobe and asks once what they can do.
 */

import { execFile } from 'node:child_process'
import { accessSync, chmodSync, constants, existsSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { promisify } from 'node:util'
import type { Tools } from './operation.ts'

const run = promisify(execFile)
const require = createRequire(import.meta.url)

/** Seconds: a busy machine takes longer to start anything, but to decode, too. */
const slowestStart = 0.06

/** Filters that some build somewhere lacks, and that we use where they are. */
const wantedFilters = ['zscale', 'tonemap', 'xfade', 'scdet', 'setparams', 'premultiply']

/**
 * @param ffmpeg a binary or the folder that holds it; without it `searchPath` is searched, then the bundled build is taken.
 * @param threads how many threads one child may use.
 * @param searchPath the PATH of the environment.
 * @param environment all that children will see of it.
 * @throws Error in words, where `ffmpeg` names nothing that runs.
 */
export async function findTools(
  ffmpeg: string | undefined,
  threads: number,
  searchPath = '',
  environment: Record<string, string> = {},
): Promise<Tools> {
  const binary = locateFfmpeg(ffmpeg, searchPath)
  // Side by side: a build with many libraries takes its time to load.
  const [{ version, said, seconds }, nvenc] = await Promise.all([
    ask(binary, '-filters', environment),
    encodes(binary, 'h264_nvenc', environment),
  ])
  return {
    ffmpeg: binary,
    ffprobe: locateFfprobe(binary),
    version,
    filters: wantedFilters.filter((name) => new RegExp(`^ \\S+ +${name} `, 'm').test(said)),
    nvenc,
    threads,
    startUp: Math.min(seconds, slowestStart),
    environment,
  }
}

/**
 * The version that an ffmpeg or ffprobe tells of itself.
 * @throws Error in words, where it does not run or is something else.
 */
export const versionOf = async (binary: string): Promise<string> => (await ask(binary, '-version')).version

/** Whatever it is asked, it tells its version with the answer. */
async function ask(
  binary: string,
  question: string,
  env?: Record<string, string>,
): Promise<{ version: string; said: string; seconds: number }> {
  const began = performance.now()
  let said: string
  try {
    const { stdout, stderr } = await run(binary, [question], { maxBuffer: 1 << 24, ...(env && { env }) })
    said = `${stderr}\n${stdout}`
  } catch (error) {
    throw new Error(`ffmpeg at ${binary} does not run: ${(error as Error).message.split('\n')[0]}`, {
      cause: error,
    })
  }
  const version = /^ff(?:mpeg|probe) version (\S+)/m.exec(said)?.[1]
  if (version === undefined) throw new Error(`${binary} is not ffmpeg: it does not tell its version.`)
  return { version, said, seconds: (performance.now() - began) / 1000 }
}

/** The build that came with the package: old, but always there and always the same. */
export const bundledFfmpeg = (): string => (require('@ffmpeg-installer/ffmpeg') as { path: string }).path

function locateFfmpeg(given: string | undefined, searchPath: string): string {
  if (given) {
    const binary = existsSync(given) && statSync(given).isDirectory() ? path.join(given, 'ffmpeg') : given
    if (!isRunnable(binary))
      throw new Error(`CUTROOM_FFMPEG names ${given}, where there is no ffmpeg that can be run.`)
    return binary
  }
  return onPath('ffmpeg', searchPath) ?? bundledFfmpeg()
}

function locateFfprobe(ffmpeg: string): string {
  const beside = path.join(path.dirname(ffmpeg), 'ffprobe')
  if (isRunnable(beside)) return beside
  const bundled = (require('@ffprobe-installer/ffprobe') as { path: string }).path
  // Where install scripts do not run it arrives without its executable bit.
  if (!isRunnable(bundled)) chmodSync(bundled, 0o755)
  return bundled
}

const onPath = (name: string, searchPath: string) =>
  searchPath
    .split(path.delimiter)
    .filter(Boolean)
    .map((folder) => path.join(folder, name))
    .find(isRunnable)

function isRunnable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}

/** An encoder in the list may still lack its hardware: only a real encode tells. */
async function encodes(binary: string, encoder: string, env: Record<string, string>): Promise<boolean> {
  const source = ['-f', 'lavfi', '-i', 'testsrc=duration=0.2:size=256x256:rate=10']
  try {
    await run(binary, ['-v', 'error', '-nostdin', ...source, '-c:v', encoder, '-f', 'null', '-'], {
      timeout: 20_000,
      env,
    })
    return true
  } catch {
    return false
  }
}
