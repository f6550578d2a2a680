/**
 * Runs the shell command as a person would: a process of its own.
 */

import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { main } from '../../../server/cli/main.ts'
import type { SessionReport } from '../../../server/commands/sessions.ts'
import { bundledFfmpeg } from '../../../workers/tools.ts'
import { folder } from '../../media.ts'

/** Built where the suite runs, from the source where this file runs alone. */
const script =
  process.env.CUTROOM_TEST_PROGRAM ?? path.resolve(import.meta.dirname, '../../../scripts/cutroom.mjs')

const running = new Set<ChildProcess>()

/** Ends what a failed test left running, which would keep its file from ending. */
export function endChildren(): void {
  for (const child of running) child.kill('SIGKILL')
}

export interface Ran {
  code: number | null
  stdout: string
  stderr: string
}

export interface Shell {
  /** The data folder. */
  data: string
  /** Where the person stands. */
  cwd: string
  run(...args: string[]): Promise<Ran>
  /** Starts without waiting. */
  start(...args: string[]): { child: ChildProcess; ended: Promise<Ran> }
}

/** Runs a command in this very process, which spares a second: for what needs no process of its own. */
export async function runHere(...args: string[]): Promise<Ran> {
  const ran: Ran = { code: null, stdout: '', stderr: '' }
  const [stdout, stderr] = [process.stdout.write, process.stderr.write]
  process.stdout.write = (chunk: string | Uint8Array) => ((ran.stdout += String(chunk)), true)
  process.stderr.write = (chunk: string | Uint8Array) => ((ran.stderr += String(chunk)), true)
  try {
    ran.code = await main(args)
  } finally {
    process.stdout.write = stdout
    process.stderr.write = stderr
  }
  return ran
}

/** A shell with a data folder of its own and the bundled ffmpeg. */
export function createShell(data = folder()): Shell {
  const cwd = folder()
  const start: Shell['start'] = (...args) => {
    const env = {
      ...process.env,
      CUTROOM_DATA: data,
      CUTROOM_FFMPEG: bundledFfmpeg(),
      INIT_CWD: cwd,
      FORCE_COLOR: '0',
    }
    const child = spawn(process.execPath, [script, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    running.add(child)
    child.on('close', () => running.delete(child))
    const ran: Ran = { code: null, stdout: '', stderr: '' }
    child.stdout.on('data', (chunk: Buffer) => (ran.stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (ran.stderr += chunk.toString()))
    const ended = new Promise<Ran>((resolve) => child.on('close', (code) => resolve({ ...ran, code })))
    return { child, ended }
  }
  return { data, cwd, start, run: (...args) => start(...args).ended }
}

export const reportOf = (ran: Ran) => JSON.parse(ran.stdout) as SessionReport

/** Waits for something to become true. */
export async function until(what: () => unknown, ms = 120_000): Promise<void> {
  for (
    const end = Date.now() + ms;
    Date.now() < end;
    await new Promise((resolve) => setTimeout(resolve, 50))
  ) {
    if (await what()) return
  }
  throw new Error(`It did not come true within ${ms} ms: ${what.toString()}`)
}
