/**
 * Holds what a detector found against the transitions that an edit was made with.
 */

import type { Edit, Span } from './edits.ts'

export interface Verdict {
  /** Cuts that a detector told. */
  told: number
  /** Transitions that were found. */
  found: Span[]
  missed: Span[]
  /** Cuts where there is no transition, or a second one where there is, each with what it fell for. */
  false: { frame: number; kind: string }[]
}

/** Frames that a cut may lie beside its transition. */
export const tolerance = 2

/** Each transition is found by one cut in it, the nearest to its middle; every other cut is false. */
export function judge(
  cuts: readonly number[],
  { transitions, baits }: Pick<Edit, 'transitions' | 'baits'>,
): Verdict {
  const left = new Set(cuts)
  const found = transitions.filter((span) => {
    const inside = [...left].filter((frame) => isIn(frame, span))
    const [nearest] = inside.sort((a, b) => fromMiddle(a, span) - fromMiddle(b, span))
    return nearest !== undefined && left.delete(nearest)
  })
  const kindAt = (frame: number) =>
    [...transitions, ...baits].find((span) => isIn(frame, span))?.kind ?? 'motion'
  return {
    told: cuts.length,
    found,
    missed: transitions.filter((span) => !found.includes(span)),
    false: [...left].map((frame) => ({ frame, kind: kindAt(frame) })),
  }
}

const isIn = (frame: number, { from, to }: Span) => frame >= from - tolerance && frame <= to + tolerance

const fromMiddle = (frame: number, { from, to }: Span) => Math.abs(frame - (from + to) / 2)

export interface Rates {
  /** Share of the told cuts that are true, of the transitions that were found, and the harmonic mean of both. */
  precision: number
  recall: number
  f1: number
}

/** Over several edits at once. */
export function rates(verdicts: readonly Verdict[]): Rates {
  const sum = (count: (verdict: Verdict) => number) =>
    verdicts.reduce((all, verdict) => all + count(verdict), 0)
  const found = sum((verdict) => verdict.found.length)
  const precision =
    found /
    Math.max(
      1,
      sum(({ told }) => told),
    )
  const recall = found / Math.max(1, found + sum(({ missed }) => missed.length))
  return { precision, recall, f1: found === 0 ? 0 : (2 * precision * recall) / (precision + recall) }
}
