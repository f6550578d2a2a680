/**
 * How a file was made: the frames it shows, its preset and settings, the commands.
 */

import type { File, Session } from '../db/schema.ts'
import { commandText, type LineageReport, rangesText, settingText } from '../workers/media/lineage.ts'
import { Layout } from './layout.tsx'
import { Time } from './time.tsx'
import { spanText } from './words.ts'

/** Opened, it asks for what is in it; without JavaScript it holds the way there. */
export function LineageFold({ file }: { file: Pick<File, 'key' | 'role'> }) {
  const href = `/files/${file.key}/lineage`
  return (
    <details
      class='lineage'
      id={`lineage-${file.key}`}
      hx-get={href}
      hx-trigger='toggle once'
      hx-target={`#made-${file.key}`}
      hx-swap='innerHTML'
    >
      <summary>How it was made</summary>
      <div id={`made-${file.key}`}>
        <a href={href}>Show it</a>
      </div>
    </details>
  )
}

export function LineageFacts({ report }: { report: LineageReport | null }) {
  if (report === null)
    return <p class='soft'>Nothing was kept of it: it was copied in, or made by an earlier version.</p>
  const { master, research, from, scene, ranges, frame, preset, presetVersion, made, seconds } = report
  const wanted = Object.entries(report.wanted)
  return (
    <>
      <dl class='facts'>
        <dt>{research === null ? 'Master' : 'R&D file'}</dt>
        <dd>{research ?? master ?? '—'}</dd>
        {from && (
          <>
            <dt>By way of</dt>
            <dd>
              <a href={`/files/${from.key}/lineage`}>{from.path.slice(from.path.lastIndexOf('/') + 1)}</a>
            </dd>
          </>
        )}
        {scene !== null && (
          <>
            <dt>Scene</dt>
            <dd>
              {scene}
              {ranges && `, ${rangesText(ranges)}`}
              {frame !== null && `, frame ${frame}`}
            </dd>
          </>
        )}
        <dt>Preset</dt>
        <dd>
          {preset} {presetVersion !== null && <span class='soft'>version {presetVersion}</span>}
        </dd>
        {wanted.length > 0 && (
          <>
            <dt>Settings</dt>
            <dd>{wanted.map(([name, value]) => settingText(name, value)).join(', ')}</dd>
          </>
        )}
        <dt>Made</dt>
        <dd>
          <Time at={made} />
          {seconds !== null && `, in ${spanText(seconds)}`}
        </dd>
      </dl>
      <Commands {...report} />
    </>
  )
}

/** What can be typed into a shell from where the roots lie. */
function Commands({ commands }: LineageReport) {
  if (commands.length === 0) return <p class='soft'>No command of ffmpeg took part.</p>
  return (
    <ol class='commands'>
      {commands.map((args) => (
        <li>
          <code tabindex={0}>{commandText(args)}</code>
        </li>
      ))}
    </ol>
  )
}

export interface LineagePageProps {
  file: Pick<File, 'key' | 'path'>
  session: Session
  report: LineageReport | null
}

export function LineagePage({ file, session, report }: LineagePageProps) {
  const name = file.path.slice(file.path.lastIndexOf('/') + 1)
  return (
    <Layout title={`How ${name} was made`}>
      <h1>How {name} was made</h1>
      <section class='panel' aria-label='How it was made'>
        <LineageFacts report={report} />
      </section>
      <p class='row'>
        <a class='button' href={`/sessions/${session.key}/outputs`}>
          Outputs of {session.artwork}
        </a>
        <a class='button' href={`/files/${file.key}`}>
          The file itself
        </a>
      </p>
    </Layout>
  )
}
