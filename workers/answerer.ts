/**
 * A process of our own that answers questions and can be ended in the middle of one: SQLite cannot be interrupted
 * in a thread, which would go on for hours.
 */

import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { OperationError } from './operation.ts'
import { residentBytes } from './processes.ts'

export interface Answerer {
  /**
   * Asks one question after the other; each goes over as a line of JSON and comes back as one.
   * @throws OperationError `too_long` or `too_big` where the process had to be ended, or with the code it answers with.
   */
  ask(question: object, limitMs: number): Promise<unknown>
  close(): void
}

/** What a line of answer holds. */
type Answer = { answer: unknown } | { problem: { code: string; message: string } }

type Child = ChildProcessByStdio<Writable, Readable, null>

/** The kernel ends it after so many seconds of work, should this process be gone by then. */
const mostCpuSeconds = 60
const mostBytes = 700e6
const lookMs = 100
const idleMs = 60_000

/** @param command how it is started: a program and its words. It ends when its stdin does. */
export function createAnswerer(command: readonly string[]): Answerer {
  let child: Child | undefined
  let last: Promise<unknown> = Promise.resolve()
  let idle: NodeJS.Timeout | undefined

  const end = () => {
    clearTimeout(idle)
    child?.kill('SIGKILL')
    child = undefined
  }
  const begin = (): Child => {
    const started = start(command)
    started.once('exit', () => {
      if (child === started) child = undefined
    })
    return started
  }
  const askNow = async (question: object, limitMs: number) => {
    clearTimeout(idle)
    child ??= begin()
    try {
      return await exchange(child, question, limitMs)
    } catch (error) {
      if (error instanceof OperationError && ended.has(error.code)) end()
      throw error
    } finally {
      idle = setTimeout(end, idleMs)
      idle.unref()
    }
  }
  return {
    ask(question, limitMs) {
      const asked = last.then(() => askNow(question, limitMs))
      last = asked.catch(() => undefined)
      return asked
    },
    close: end,
  }
}

const ended = new Set(['too_long', 'too_big', 'gone'])

function start([program = '', ...words]: readonly string[]): Child {
  const limited = `ulimit -t ${mostCpuSeconds}; exec "$0" "$@"`
  const child = spawn('/bin/sh', ['-c', limited, program, ...words], { stdio: ['pipe', 'pipe', 'inherit'] })
  for (const part of [child, child.stdin]) part.on('error', () => undefined) // it is gone, which its end tells
  child.unref()
  return child
}

async function exchange(child: Child, question: object, limitMs: number): Promise<unknown> {
  const lines = createInterface({ input: child.stdout })
  let [timer, looking]: (NodeJS.Timeout | undefined)[] = []
  let fail: (code: string, message: string) => void = () => undefined
  const gone = () => fail('gone', 'What was to answer ended by itself.')
  const failed = (error: Error) => fail('gone', error.message)
  child.once('exit', gone).once('error', failed)
  try {
    const said = await new Promise<string>((resolve, reject) => {
      fail = (code, message) => reject(new OperationError(code, message))
      timer = setTimeout(
        () => fail('too_long', `It took longer than ${limitMs / 1000} seconds and was ended.`),
        limitMs,
      )
      looking = setInterval(() => {
        if (residentBytes(child.pid ?? 0) > mostBytes)
          fail('too_big', 'It needed more memory than is allowed and was ended.')
      }, lookMs)
      lines.once('line', resolve)
      child.stdin.write(`${JSON.stringify(question)}\n`)
    })
    const answer = JSON.parse(said) as Answer
    if ('answer' in answer) return answer.answer
    throw new OperationError(answer.problem.code, answer.problem.message)
  } finally {
    clearTimeout(timer)
    clearInterval(looking)
    child.off('exit', gone).off('error', failed)
    lines.close()
  }
}

/** What a command writes to its stdout, read no faster than it is taken; giving up ends the command. */
export function outputOf([program = '', ...words]: readonly string[]): Readable {
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  child.stdout.once('close', () => child.kill('SIGKILL'))
  child.once('exit', (code) => {
    if (code !== 0) child.stdout.destroy(new OperationError('gone', 'The export ended before it was whole.'))
  })
  return child.stdout
}
