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

/** The line moves: other cuts are found, stored, and the grid with its marks rendered whole. */
const recut: Row = {
  name: 'room-recut',
  measure: `another threshold for ${hours} hours: cut, stored, and all scenes rendered`,
  against: `${answerMs} ms`,
  reach: 1,
  run: (bench) =>
    inTheRoom(bench, async ({ post }) => {
      const thresholds = Array.from({ length: bench.rounds + 2 }, (_, n) => 40 + 5 * n)
      const times: number[] = []
      for (const threshold of thresholds) {
        const form = { detector: 'content', threshold: String(threshold), shortest: '15', sure: '1' }
        times.push(await post('/cuts/find', form))
      }
      return { ours: median(times), against: answerMs, unit: 'ms' }
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
        ...['/scores?width=1200', '/scores.svg', '/film', '/times', '/scenes'],
      ]
      return slowest(tails, bench.rounds, get)
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

async function slowest(tails: string[], rounds: number, get: Room['get']): Promise<Figures> {
  const times = tails.map((tail) => ({ tail, all: [] as number[] }))
  for (let round = 0; round < rounds + 1; round++)
    for (const { tail, all } of times) all.push(await get(tail))
  const medians = times.map(({ tail, all }) => ({ tail, milliseconds: median(all) }))
  const [first] = medians.toSorted((a, b) => b.milliseconds - a.milliseconds)
  if (!first) throw new Error('There is nothing to ask for.')
  return { ours: first.milliseconds, against: answerMs, unit: 'ms', note: first.tail }
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
