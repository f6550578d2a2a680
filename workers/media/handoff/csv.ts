/**
 * Scene lists as PySceneDetect writes them.
 */

import { listCsv } from '../scenes.ts'
import type { HandOffFormat } from './hand_off.ts'
import { inWords, lineError, type Mark } from './marks.ts'

export const csv: HandOffFormat = {
  name: 'csv',
  title: 'CSV (PySceneDetect)',
  summary: 'for spreadsheets, PySceneDetect and scripts: a row for each scene, with frames and times.',
  ending: 'csv',
  type: 'text/csv; charset=utf-8',
  write: ({ scenes, frames, duration, rate, variable }) =>
    listCsv(scenes, { frames, duration, fps: rate, variable }),
}

const startFrame = 'Start Frame'

/**
 * Where the scenes of a list begin. PySceneDetect counts frames from 1; its line of timecodes may be there or not.
 * @throws Error that names the line.
 */
export function readCsv(text: string): Mark[] {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1')))
  const top = lines.findIndex((cells) => cells.includes(startFrame))
  if (top < 0) throw new Error(`There is no column “${startFrame}” in this list.`)
  const column = lines[top]?.indexOf(startFrame) ?? -1
  return lines.slice(top + 1).flatMap((cells, i): Mark[] => {
    if (cells.every((cell) => cell === '')) return []
    const cell = cells[column] ?? ''
    if (!/^[1-9]\d{0,9}$/.test(cell))
      throw lineError(top + 1 + i, `${inWords(cell)} is no frame counted from 1.`)
    return [{ frame: Number(cell) - 1 }]
  })
}
