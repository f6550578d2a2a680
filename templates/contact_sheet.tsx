/**
 * A contact sheet as one HTML file that opens anywhere: pictures inside, no script, fit for printing.
 */

import type { HtmlEscapedString } from 'hono/utils/html'
import { clock } from '../workers/media/timecode.ts'

export interface ContactScene {
  number: number
  /** First timecode. */
  timecode: string
  /** Seconds. */
  length: number
  note: string | null
  /** A JPEG in base64; null where there is none. */
  picture: string | null
}

export interface ContactHead {
  title: string
  master: string
  scenes: number
  /** Seconds. */
  length: number
}

/** A document by itself: it is looked at far away from this program, and so brings its style along. */
const style = `
  body { margin: 2rem; font: 14px/1.4 system-ui, sans-serif; color: #eee; background: #181818; }
  h1 { font-size: 20px; margin: 0; } p { margin: 0 0 1.5rem; color: #aaa; }
  ol { display: grid; grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); gap: 1rem; margin: 0; padding: 0; list-style: none; }
  li { break-inside: avoid; } img, .none { display: block; width: 100%; border-radius: 2px; background: #000; }
  .none { aspect-ratio: 16 / 9; } b { font-weight: 600; } .time { float: right; color: #aaa; font-variant-numeric: tabular-nums; }
  .note { color: #bbb; overflow-wrap: anywhere; }
  @media print { body { margin: 0; color: #000; background: #fff; } p, .time, .note { color: #444; } }
`

/** Up to where the scenes come; `contactEnd` closes what this opens. */
export const contactTop = ({ title, master, scenes, length }: ContactHead): string =>
  [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    textOf(<title>{title}: contact sheet</title>),
    `<style>${style}</style></head><body>`,
    textOf(<h1>{title}</h1>),
    textOf(
      <p>
        {master} · {scenes} {scenes === 1 ? 'scene' : 'scenes'} · {clock(length)}
      </p>,
    ),
    '<ol>\n',
  ].join('')

export const contactItem = ({ number, timecode, length, note, picture }: ContactScene): string =>
  textOf(
    <li>
      {picture === null ? (
        <div class='none'></div>
      ) : (
        <img src={`data:image/jpeg;base64,${picture}`} alt={`Scene ${number}`} />
      )}
      <b>{number}</b>{' '}
      <span class='time'>
        {timecode} · {length.toFixed(1)} s
      </span>
      {note !== null && <div class='note'>{note}</div>}
    </li>,
  ) + '\n'

export const contactEnd = '</ol></body></html>\n'

/** No component here is asynchronous: what is rendered is text. */
function textOf(rendered: HtmlEscapedString | Promise<HtmlEscapedString>): string {
  return (rendered as HtmlEscapedString).toString()
}
