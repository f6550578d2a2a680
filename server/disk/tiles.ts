/**
 * Which thumbnail on which sheet shows a scene.
 */

import { z } from 'zod'
import type { Scene } from '../../db/schema.ts'

/** What the row of a sheet says of it. Seconds and pixels. */
export const sheetFacts = z.object({
  interval: z.number().positive(),
  columns: z.int().positive(),
  width: z.int().positive(),
  height: z.int().positive(),
  count: z.int().nonnegative(),
  firstTime: z.number().nonnegative(),
})

export type SheetFacts = z.infer<typeof sheetFacts>

/** A place on a sheet, in pixels. */
export interface Tile {
  left: number
  top: number
  width: number
  height: number
}

/** Times are rounded when they are stored: at the very edge a thumbnail may be of the neighbour. */
const edge = 0.001

/** The thumbnail nearest the scene's middle of those taken inside it; null where none was. */
export function tileOf<Sheet extends { facts: SheetFacts }>(
  sheets: Sheet[],
  { start_time, end_time }: Pick<Scene, 'start_time' | 'end_time'>,
): { sheet: Sheet; tile: Tile } | null {
  const middle = (start_time + end_time) / 2
  const inside = sheets
    .map((sheet) => ({ sheet, index: nearest(sheet.facts, middle) }))
    .map(({ sheet, index }) => ({ sheet, index, time: sheet.facts.firstTime + index * sheet.facts.interval }))
    .filter(({ sheet, time }) => sheet.facts.count > 0 && time >= start_time + Math.min(edge, start_time))
    .filter(({ time }) => time < end_time - edge)
    .toSorted((a, b) => Math.abs(a.time - middle) - Math.abs(b.time - middle))
  const [best] = inside
  return best ? { sheet: best.sheet, tile: placeOf(best.sheet.facts, best.index) } : null
}

const nearest = ({ interval, count, firstTime }: SheetFacts, time: number) =>
  Math.min(Math.max(Math.round((time - firstTime) / interval), 0), count - 1)

const placeOf = ({ columns, width, height }: SheetFacts, index: number): Tile => ({
  left: (index % columns) * width,
  top: Math.floor(index / columns) * height,
  width,
  height,
})
