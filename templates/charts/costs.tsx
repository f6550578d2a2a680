/**
 * What the steps of a session took: time, processor, memory, and the bytes they made.
 */

import type { SessionData } from '../data.ts'
import { bytesText, spanText, stepTitle } from '../words.ts'
import { type Bar, Bars } from './bars.tsx'

export const costsId = (key: string) => `costs-${key}`

export function Costs({ session, operations }: Pick<SessionData, 'session' | 'operations'>) {
  const done = operations.filter(({ status, name }) => status === 'completed' && name !== 'choose')
  const barsOf = (
    value: (one: (typeof done)[number]) => number | null,
    text: (value: number) => string,
  ): Bar[] =>
    done.flatMap((one) => {
      const known = value(one)
      return known === null ? [] : [{ name: stepTitle(one.name), value: known, text: text(known) }]
    })
  return (
    <section class='stack' id={costsId(session.key)} aria-labelledby='costs-title' hidden={done.length === 0}>
      <h2 id='costs-title'>What it took</h2>
      {done.length > 0 && (
        <div class='columns halves'>
          <Bars
            title='Time'
            measure='Time'
            nothing={nothing}
            bars={barsOf(({ seconds }) => seconds, spanText)}
          />
          <Bars
            title='Processor time'
            measure='Seconds of one core'
            nothing={nothing}
            bars={barsOf(({ cpu_seconds }) => cpu_seconds, spanText)}
          />
          <Bars
            title='Most memory, where a process of its own was needed'
            measure='Bytes'
            nothing={nothing}
            bars={barsOf(({ peak_memory_bytes }) => peak_memory_bytes || null, bytesText)}
          />
          <Bars
            title='Bytes made'
            measure='Bytes'
            nothing={nothing}
            bars={barsOf(({ bytes_out }) => bytes_out, bytesText)}
          />
        </div>
      )}
    </section>
  )
}

const nothing = 'Nothing was measured.'
