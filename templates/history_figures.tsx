/**
 * What all that ended comes to: totals, the last thirty days, and what is drawn of it.
 */

import type { OperationTime, PresetSize, WeekTotals } from '../db/statistics.ts'
import { Bars, Columns } from './charts/bars.tsx'
import type { Totals } from './data.ts'
import { bytesText, countText, numberText, spanText, stepTitle } from './words.ts'

export interface FiguresProps {
  totals: Totals
  /** The same of the last 30 days, as `project_statistics` tells it. */
  month: { projects: number; successful: number; files: number; outputBytes: number }
}

export interface DrawnProps {
  weeks: WeekTotals[]
  times: OperationTime[]
  sizes: PresetSize[]
}

export function Figures({ totals, month }: FiguresProps) {
  const figures: [string, string][] = [
    ['Sessions', numberText(totals.projects)],
    ['Without a problem', numberText(totals.successful)],
    ['Film seen', spanText(totals.film)],
    ['Files made', numberText(totals.files)],
    ['Masters', bytesText(totals.masterBytes)],
    ['Outputs', bytesText(totals.outputBytes)],
    ['Worked', spanText(totals.processingSeconds)],
  ]
  return (
    <section class='stack' aria-label='Totals'>
      <dl class='figures'>
        {figures.map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p class='soft'>
        In the last 30 days: {countText(month.projects, 'session')}, {numberText(month.successful)} without a
        problem, {countText(month.files, 'file')}, {bytesText(month.outputBytes)}.
      </p>
    </section>
  )
}

/** Sessions over time, where the time goes, how large outputs are: the archive included. */
export function Drawn({ weeks, times, sizes }: DrawnProps) {
  const whole = times.reduce((sum, { seconds }) => sum + seconds, 0)
  const nothing = 'Nothing in this time.'
  return (
    <div class='columns thirds'>
      <Columns
        title='Sessions a week'
        measure='Sessions'
        nothing={nothing}
        ends={[`${weeks.length} weeks ago`, 'this week']}
        bars={weeks.map(({ ago, sessions }) => ({
          name: ago === 0 ? 'the last 7 days' : `${countText(ago, 'week')} before`,
          value: sessions,
          text: numberText(sessions),
        }))}
      />
      <Bars
        title='Where the time goes'
        measure='Share of the work'
        nothing={nothing}
        bars={times.slice(0, mostBars).map(({ name, seconds }) => ({
          name: stepTitle(name),
          value: seconds,
          text: `${Math.round((100 * seconds) / Math.max(1e-9, whole))}%`,
        }))}
      />
      <Bars
        title='Outputs beside their masters'
        measure='Size, of the masters'
        nothing={nothing}
        full={1}
        bars={sizes.map(({ name, master_bytes, output_bytes }) => ({
          name,
          value: output_bytes / master_bytes,
          text: shareText(output_bytes / master_bytes),
        }))}
      />
    </div>
  )
}

/** A master that was small already is outgrown by stills and clips of it. */
const shareText = (share: number) =>
  share < 1.05 ? `${Math.round(100 * share)}%` : `${share.toFixed(1)} times as large`

const mostBars = 6
