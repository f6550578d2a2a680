/**
 * The event stream drops, again and again; who listens misses nothing.
 */

import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../fault.ts'
import { type Stage, until } from '../stage.ts'
import { readLastEvent } from '../state.ts'

const heard = new WeakMap<Stage, { id: number; end(): Promise<void> }>()

export const streamDropped: Fault = {
  kind: 'event stream dropped',
  async strike(stage) {
    const listener = listen(stage)
    heard.set(stage, listener)
    return 'a stream that is dropped every moment'
  },
  async judge(stage) {
    const listener = heard.get(stage)
    const last = await readLastEvent(stage.data)
    const caughtUp = await until(() => (listener?.id ?? 0) >= last, 10)
    await listener?.end()
    return caughtUp ? [] : [`the stream told of ${listener?.id}, and the last event is ${last}`]
  },
}

/** Listens from the first event on; connects, is cut off, and comes back with the last id that it has heard. */
function listen(stage: Stage) {
  let going = true
  const listener = {
    id: 0,
    async end() {
      going = false
      await ended
    },
  }
  const ended = (async () => {
    while (going) {
      const cut = new AbortController()
      const timer = setTimeout(() => cut.abort(), stage.random.whole(20, 700))
      await hear(stage, listener, cut.signal).catch(() => undefined) // as it was meant
      clearTimeout(timer)
      await sleep(stage.random.whole(0, 200))
    }
  })()
  return listener
}

async function hear(stage: Stage, listener: { id: number }, signal: AbortSignal): Promise<void> {
  const { body } = await fetch(new URL('/events', stage.server().address), {
    headers: { 'Last-Event-ID': String(listener.id) },
    signal,
  })
  let rest = ''
  for await (const chunk of body ?? []) {
    const messages = (rest + Buffer.from(chunk as Uint8Array).toString()).split('\n\n')
    rest = messages.pop() ?? ''
    for (const message of messages) {
      const id = Number(/^id: ?(\d+)$/m.exec(message)?.[1] ?? 0)
      if (id > listener.id) listener.id = id
    }
  }
}
