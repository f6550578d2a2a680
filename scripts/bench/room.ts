/**
 * Rows about the review room of a film of two hours: how long the server takes to answer, and holds its event loop.
 */

import { monitorEventLoopDelay } from 'node:perf_hooks'
import { detectors } from '../../workers/detectors/mod.ts'
import { openIdleApp } from './idle_app.ts'
import { hours, openLongFilm } from './long_film.ts'
import { type Figures, median } from './measure.ts'
import type { Bench, Row } from './row.ts'

const [answerMs, holdMs] = [100, 50]

/** The line moves, or the shortest scene, or another detector is picked: each finds, stores and renders other cuts. */
const recut: Row = {
  name: 'room-recut',
  measure: `other cuts for ${hours} hours, the slowest way: found, stored, and all scenes rendered`,
  against: `${answerMs} ms`,
  reach: 1,
  run: (bench) =>
    inTheRoom(bench, ({ post }) => {
      const content = { detector: 'content', threshold: '30', shortest: '15' }
      const ways = [
        {
          name: 'threshold',
          forms: [25, 35, 30, 45, 60].map((at) => ({ ...content, threshold: String(at) })),
        },
        {
          name: 'shortest',
          forms: [10, 38, 20, 15].map((frames) => ({ ...content, shortest: String(frames) })),
        },
        {
          name: 'detector',
          forms: detectors.map(({ name, threshold }) => ({
            ...{ detector: name, threshold: String(threshold.default), shortest: '15' },
          })),
        },
      ]
      const asks = ways.map(({ name, forms }) => {
        let turn = 0
        return {
          name,
          ask: () => post('/cuts/find', { ...(forms[turn++ % forms.length] ?? content), sure: '1' }),
        }
      })
      return slowest(asks, 2 * bench.rounds)
    }),
}

/** What the room asks for while somebody works in it. */
const answers: Row = {
  name: 'room-answers',
  measure: `the slowest other answer of the room, ${hours} hours`,
  against: `${answerMs} ms`,
  reach: 1,
  run: (bench) =>
    inTheRoom(bench, async ({ get }) => {
      const tails = [
        ...detectors.map(({ name, threshold }) => `/recut?detector=${name}&threshold=${threshold.default}`),
        ...['/scores?width=1200', '/scores.svg', '/film', '/times', '/curve', '/detectors', '/scenes'],
      ]
      return slowest(
        tails.map((name) => ({ name, ask: () => get(name) })),
        bench.rounds,
      )
    }),
}

/** All of it one after the other, and the first time each. */
const held: Row = {
  name: 'room-held',
  measure: `event loop held at most by anything the room asks for, ${hours} hours`,
  against: `${holdMs} ms`,
  reach: 1,
  run: (bench) =>
    inTheRoom(bench, async ({ get, post }) => {
      let worst = { ours: 0, note: '' }
      const form = { detector: 'content', threshold: '45', shortest: '15', sure: '1' }
      const work = [
        ...['/scenes', '/curve', '/detectors', '/film', '/times', '/scores?width=1200', '/scores.svg'].map(
          (tail) => [tail, () => get(tail)] as const,
        ),
        ['/cuts/find', () => post('/cuts/find', form)] as const,
      ]
      for (const [note, ask] of work) {
        const ours = await holdDuring(ask)
        if (ours > worst.ours) worst = { ours, note }
      }
      return { ...worst, against: holdMs, unit: 'ms' }
    }),
}

interface Room {
  /** Milliseconds from the request to the answer's last byte. */
  get(tail: string): Promise<number>
  /** As htmx does it. */
  post(tail: string, form: Record<string, string>): Promise<number>
}

async function inTheRoom(bench: Bench, measure: (room: Room) => Promise<Figures>): Promise<Figures> {
  const film = await openLongFilm(bench)
  const app = await openIdleApp(film, bench)
  const room = `/sessions/${film.session.key}`
  try {
    return await measure({
      get: async (tail) => (await app.ask(room + tail)).last,
      post: async (tail, form) => (await app.ask(room + tail, form)).last,
    })
  } finally {
    await app.close()
  }
}

interface Asked {
  name: string
  /** @returns milliseconds. */
  ask(): Promise<number>
}

/** By turns, the first not counted. @returns the median of the slowest. */
async function slowest(all: Asked[], rounds: number): Promise<Figures> {
  const times = all.map((asked) => ({ ...asked, taken: [] as number[] }))
  for (let round = 0; round < rounds + 1; round++)
    for (const { ask, taken } of times) {
      const milliseconds = await ask()
      if (round > 0) taken.push(milliseconds)
    }
  const medians = times.map(({ name, taken }) => ({ name, milliseconds: median(taken) }))
  const [first] = medians.toSorted((a, b) => b.milliseconds - a.milliseconds)
  if (!first) throw new Error('There is nothing to ask for.')
  return { ours: first.milliseconds, against: answerMs, unit: 'ms', note: first.name }
}

async function holdDuring(work: () => Promise<unknown>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  // One turn before and after, so that it has begun, and sees the end.
  await new Promise((resolve) => setTimeout(resolve, 20))
  delay.reset()
  await work()
  await new Promise((resolve) => setTimeout(resolve, 20))
  delay.disable()
  return delay.max / 1e6
}

export const rows: Row[] = [recut, answers, held]
