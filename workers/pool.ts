/**
 * The engine's side of the thread pool.
 */

import { once } from 'node:events'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { Piscina } from 'piscina'
import { type Emission, type Job, OperationError, type Outcome, type Unit, type Usage } from './operation.ts'
import type { Reply, Said, Task, Told } from './worker.ts'

export interface Pool {
  /**
   * Runs one operation in a thread.
   * @throws OperationError with the code the operation failed with; `cancelled` after the signal.
   */
  run(name: string, job: Job, listener: Listener): Promise<Finished>
  /** Whether it takes work, its threads, and how many operations wait for one. */
  state(): PoolState
  close(): Promise<void>
}

export interface PoolState {
  open: boolean
  threads: number
  queued: number
}

export interface Listener {
  signal: AbortSignal
  onReport(done: number, total: number, unit: Unit): void
  onWarning(sentence: string): void
  /** Commits an output; what it throws reaches the operation with its code, or as `not_saved`. */
  onEmission(emission: Emission): Promise<void>
  onChild(pid: number): void
  onChildEnded(pid: number): void
}

export interface Finished {
  result: { outcome: Outcome } | { failure: OperationError }
  usage: Usage
}

export function createPool(threads: number): Pool {
  const piscina = new Piscina({
    filename: new URL('./worker.mjs', import.meta.url).href,
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: 30_000,
  })
  let open = true

  return {
    async run(name, job, told) {
      const { listener, endChildren } = keepingChildren(told)
      const { port1: ours, port2: theirs } = new MessageChannel()
      // Never piscina's own signal: that ends the thread and leaves its ffmpeg running.
      const cancel = () => tell(ours, { kind: 'cancel' })
      ours.on('message', (said: Said) => void hear(said, listener, ours))
      listener.signal.addEventListener('abort', cancel, { once: true })
      if (listener.signal.aborted) cancel()
      try {
        const task: Task = { name, job, port: theirs }
        const closed = once(ours, 'close')
        const reply = (await piscina.run(task, { transferList: [theirs] as never })) as Reply
        await closed // the reply comes by another way, and may overtake the last warnings
        const { usage } = reply
        if ('outcome' in reply) return { result: { outcome: reply.outcome }, usage }
        return { result: { failure: new OperationError(reply.failure.code, reply.failure.message) }, usage }
      } catch (error) {
        endChildren() // a thread that broke down leaves them behind
        throw error
      } finally {
        listener.signal.removeEventListener('abort', cancel)
        ours.close()
      }
    },
    state: () => ({ open, threads: piscina.threads.length, queued: piscina.queueSize }),
    close() {
      open = false
      return piscina.close()
    },
  }
}

/** The children of all threads: whatever ends this process, short of SIGKILL, ends them. */
const children = new Set<number>()
process.on('exit', () => endAll(children))

function keepingChildren(told: Listener) {
  const own = new Set<number>()
  const listener: Listener = {
    ...told,
    onChild(pid) {
      own.add(pid)
      children.add(pid)
      told.onChild(pid)
    },
    onChildEnded(pid) {
      own.delete(pid)
      children.delete(pid)
      told.onChildEnded(pid)
    },
  }
  const endChildren = () => {
    endAll(own)
    for (const pid of own) listener.onChildEnded(pid)
  }
  return { listener, endChildren }
}

function endAll(pids: Iterable<number>): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // it ended by itself
    }
  }
}

async function hear(said: Said, listener: Listener, port: MessagePort): Promise<void> {
  switch (said.kind) {
    case 'report':
      return listener.onReport(said.done, said.total, said.unit)
    case 'warn':
      return listener.onWarning(said.sentence)
    case 'child':
      return listener.onChild(said.pid)
    case 'childEnded':
      return listener.onChildEnded(said.pid)
    case 'emit':
      try {
        await listener.onEmission(said.emission)
        tell(port, { kind: 'committed', id: said.id })
      } catch (error) {
        const code = error instanceof OperationError ? error.code : 'not_saved'
        tell(port, { kind: 'refused', id: said.id, code, message: (error as Error).message })
      }
  }
}

const tell = (port: MessagePort, told: Told) => port.postMessage(told)
