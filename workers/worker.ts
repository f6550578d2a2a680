/**
 * Runs in a pool thread: finds the operation by name, runs it, and tells the pool's side what it says.
 */

import { once } from 'node:events'
import { statfs } from 'node:fs/promises'
import type { MessagePort } from 'node:worker_threads'
import {
  type Context,
  type Emission,
  type Job,
  OperationError,
  type Outcome,
  type Unit,
  type Usage,
} from './operation.ts'
import { failureOf } from './failure.ts'
import { operationNamed } from './pipelines/mod.ts'
import { refuseTorn } from './source.ts'
import { threadCpuSeconds, watchChildren } from './processes.ts'

export interface Task {
  name: string
  job: Job
  port: MessagePort
}

/** From the thread to the pool's side. */
export type Said =
  | { kind: 'report'; done: number; total: number; unit: Unit }
  | { kind: 'emit'; id: number; emission: Emission }
  | { kind: 'warn'; sentence: string }
  | { kind: 'child'; pid: number }
  | { kind: 'childEnded'; pid: number }

/** From the pool's side to the thread. */
export type Told =
  | { kind: 'cancel' }
  | { kind: 'committed'; id: number }
  | { kind: 'refused'; id: number; code: string; message: string }

// A thrown error loses its class and code between threads, so failures travel as data.
export type Reply = { usage: Usage } & ({ outcome: Outcome } | { failure: { code: string; message: string } })

export default async function work({ name, job, port }: Task): Promise<Reply> {
  const cancel = new AbortController()
  const awaiting = new Map<number, { resolve(): void; reject(error: Error): void }>()
  port.on('message', (told: Told) => {
    if (told.kind === 'cancel') return cancel.abort(new OperationError('cancelled', 'Cancelled.'))
    const waiter = awaiting.get(told.id)
    awaiting.delete(told.id)
    if (told.kind === 'committed') waiter?.resolve()
    else waiter?.reject(new OperationError(told.code, told.message))
  })

  const say = (said: Said) => port.postMessage(said)
  const costs = watchChildren({
    seconds: job.patience,
    onStuck: () => cancel.abort(stuck(job.patience)),
  })
  const cpuBefore = threadCpuSeconds()
  let emitted = 0
  const context: Context = {
    signal: cancel.signal,
    report: throttled((done, total, unit) => say({ kind: 'report', done, total, unit })),
    warn: (sentence) => say({ kind: 'warn', sentence }),
    async emit(emission) {
      if (emission.kind === 'file' || emission.kind === 'cuts') await refuseTorn(job)
      await new Promise<void>((resolve, reject) => {
        awaiting.set(++emitted, { resolve, reject })
        say({ kind: 'emit', id: emitted, emission })
      })
    },
    children: {
      started(pid) {
        costs.add(pid)
        say({ kind: 'child', pid })
      },
      ended(pid, usage) {
        costs.remove(pid, usage)
        say({ kind: 'childEnded', pid })
      },
    },
  }

  const usage = () => {
    const { cpuSeconds, peakMemoryBytes } = costs.usage()
    return { cpuSeconds: cpuSeconds + threadCpuSeconds() - cpuBefore, peakMemoryBytes }
  }
  try {
    const outcome = await operationNamed(name).run(job, context)
    return { outcome, usage: usage() }
  } catch (error) {
    const failure = cancel.signal.aborted ? whyEnded(cancel.signal) : await describe(error, job)
    return { failure, usage: usage() }
  } finally {
    costs.stop()
    await shut(port)
  }
}

/** An idle thread of the pool sleeps without turning its event loop: a port left closing there would stay half open. */
async function shut(port: MessagePort): Promise<void> {
  const closed = once(port, 'close')
  port.close()
  await closed
}

/** At most one report in 50 ms, but never without the last. */
function throttled(report: Context['report']): Context['report'] {
  let last = 0
  return (done, total, unit) => {
    const now = performance.now()
    if (now - last < 50 && done < total) return
    last = now
    report(done, total, unit)
  }
}

/** The stack of what nobody foresaw goes where the process writes its errors; a person gets a sentence. */
async function describe(error: unknown, job: Job) {
  const folder = job.folders.project
  const { code, message } = failureOf(
    await refuseTorn(job).then(
      () => error,
      (torn: unknown) => torn,
    ),
  )
  if (code === 'unexpected') console.error(error)
  if (code === 'disk_full' || code === 'database_full' || !(await isFull(folder))) return { code, message }
  // ffmpeg and sharp complain of all sorts of things then, and rarely of what is the matter.
  return { code: 'disk_full', message: `The disk of ${folder} is full: make room, then resume. (${message})` }
}

async function isFull(folder: string): Promise<boolean> {
  try {
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize < 1 << 20
  } catch {
    return false // it is gone, which the failure says itself
  }
}

function whyEnded({ reason }: AbortSignal) {
  const { code, message } = failureOf(reason)
  return { code, message }
}

const stuck = (seconds: number) =>
  new OperationError(
    'stuck',
    `ffmpeg made no progress for ${lasting(seconds)} and was ended. Does the disk or share that the master lies on answer? Check it, then retry.`,
  )

const lasting = (seconds: number) =>
  seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} minutes`
