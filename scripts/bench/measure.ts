/**
 * How two things are held against each other.
 */

import type { Context } from '../../workers/operation.ts'

export interface Figures {
  ours: number
  against: number
  /** Of both: "s", "ms"; a space stands between. */
  unit: string
  /** Anything that should be read with it. */
  note?: string
}

export const quiet: Context = {
  signal: new AbortController().signal,
  report: () => undefined,
  emit: async () => undefined,
  warn: () => undefined,
  children: { started: () => undefined, ended: () => undefined },
}

/** A piece of work, and the seconds of it that are nothing but starting a program, which are left out. */
export interface Side {
  work(): Promise<unknown>
  startUp?: number
}

/**
 * Runs both by turns, so that a machine that slows down slows both; the order changes with every round.
 * @returns the medians, in seconds.
 */
export async function compare(rounds: number, ours: Side, against: Side): Promise<Figures> {
  const times = { ours: [] as number[], against: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? (['against', 'ours'] as const) : (['ours', 'against'] as const)
    for (const side of order) times[side].push(await seconds({ ours, against }[side]))
  }
  return { ours: median(times.ours), against: median(times.against), unit: 's' }
}

/** How long it takes, without the time its program needs to start. */
export async function seconds({ work, startUp = 0 }: Side): Promise<number> {
  const begun = performance.now()
  await work()
  return (performance.now() - begun) / 1000 - startUp
}

/** @throws RangeError where there is none. */
export function median(numbers: readonly number[]): number {
  const middle = numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]
  if (middle === undefined) throw new RangeError('There is no median of nothing.')
  return middle
}
