/**
 * What a value may be, read off the shape that checks it, so that forms and refusals say what is so.
 */

import { z } from 'zod'

export type Range =
  | { kind: 'switch' }
  | { kind: 'choice'; options: readonly (string | number)[] }
  | { kind: 'number'; least: number; most: number; whole: boolean; orSource: boolean }
  /** Width x height, or the source’s. */
  | { kind: 'size'; least: number; most: number }

/** Null where a form has no control for such a shape. */
export function rangeOf(shape: unknown): Range | null {
  if (shape instanceof z.ZodBoolean) return { kind: 'switch' }
  if (shape instanceof z.ZodEnum) return { kind: 'choice', options: shape.options }
  if (shape instanceof z.ZodNumber) return numberRange(shape, false)
  return shape instanceof z.ZodUnion ? rangeOfUnion(shape.options) : null
}

/** "0 to 51", "one of mono, stereo": what it takes, for help and refusals. */
export function rangeWords({ range, unit }: { range: Range; unit?: string | undefined }): string {
  switch (range.kind) {
    case 'switch':
      return 'on or off'
    case 'choice':
      return `one of ${range.options.join(', ')}`
    case 'size':
      return `“source”, or width x height, each ${range.least} to ${range.most}`
    case 'number': {
      const number = `${range.least} to ${range.most}${unit ? ` ${unit}` : ''}`
      return `${range.orSource ? '“source”, or ' : ''}${range.whole ? 'a whole number, ' : ''}${number}`
    }
  }
}

/** Either all are fixed values, or the first is “source”. */
function rangeOfUnion(options: readonly unknown[]): Range {
  const number = options.find((option) => option instanceof z.ZodNumber)
  if (number) return numberRange(number, true)
  const box = options.find((option) => option instanceof z.ZodObject)
  const side = box instanceof z.ZodObject ? (box.shape as Record<string, unknown>).width : undefined
  if (side instanceof z.ZodNumber) return { kind: 'size', ...limits(side) }
  const values = options.flatMap((option) => (option instanceof z.ZodLiteral ? [...option.values] : []))
  return { kind: 'choice', options: values.filter((value) => typeof value === 'number') }
}

function numberRange(shape: z.ZodNumber, orSource: boolean): Range {
  return { kind: 'number', ...limits(shape), whole: shape.isInt, orSource }
}

function limits({ minValue, maxValue }: z.ZodNumber) {
  return { least: minValue ?? 0, most: maxValue ?? 0 }
}
