/**
 * What was ordered: the master, the preset, how cuts are found, where the outputs go.
 */

import type { SessionData } from './data.ts'
import { Notice } from './icon.tsx'
import { PathText } from './path_text.tsx'
import { isOpenedAgain } from './scene_grid.tsx'
import { SessionActions } from './session_head.tsx'
import { bytesText, countText, isEnded, lengthText, proofText } from './words.ts'

export const aboutId = (key: string) => `about-${key}`

export function SessionAbout(data: SessionData) {
  const { session, files, presetName } = data
  const master = files.find(({ role }) => role === 'source')
  return (
    <div class='stack' id={aboutId(session.key)}>
      <section class='panel' aria-labelledby='about-title'>
        <header>
          <h2 id='about-title'>About</h2>
          {!isOpenedAgain(data) && <SessionActions session={session} damage={data.damage} />}
        </header>
        <dl class='facts'>
          <dt>Master</dt>
          <dd>
            {master ? fileName(master.path) : '—'}{' '}
            {master?.bytes && (
              <span class='soft'>
                {bytesText(master.bytes)}, {lengthText(master.duration)}
              </span>
            )}
          </dd>
          <dt>R&amp;D folder</dt>
          <dd>
            <Research {...data} />
          </dd>
          <dt>Preset</dt>
          <dd>
            {presetName} <Overrides text={session.overrides} />
          </dd>
          <dt>Encoder</dt>
          <dd>{session.encoder === 'nvenc' ? 'NVENC' : 'x264'}</dd>
          <dt>Cuts</dt>
          <dd>
            {session.detector[0]?.toUpperCase()}
            {session.detector.slice(1)}, threshold {session.threshold}, shortest {session.min_scene_length}{' '}
            frames
          </dd>
          <dt>Files</dt>
          <dd>{proofText(data.proof)}</dd>
          <dt>Output</dt>
          {session.output_path === null ? (
            <dd>{isEnded(session.status) ? 'none was made' : 'named when it starts'}</dd>
          ) : (
            <dd class='path'>
              <PathText path={`${session.output_path}/`} />
            </dd>
          )}
        </dl>
      </section>
      {session.status === 'failed' && session.error_message !== null && !isSaidByStep(data) && (
        <Notice kind='problem'>{session.error_message}</Notice>
      )}
    </div>
  )
}

/** A step that failed says it where it stands, with its retry. */
const isSaidByStep = ({ session, operations }: SessionData) =>
  operations.some(
    ({ status, error_message }) => status === 'failed' && error_message === session.error_message,
  )

/** Where it lies, and how many of its files have been read so far. */
function Research({ rdFolder, files }: SessionData) {
  if (rdFolder === null) return 'none'
  const read = files.filter(({ role }) => role === 'rd_source').length
  return (
    <>
      <span class='path'>
        <PathText path={rdFolder} />
      </span>{' '}
      {read > 0 && <span class='soft'>{countText(read, 'file')} read</span>}
    </>
  )
}

function Overrides({ text }: { text: string }) {
  const changed = Object.entries(JSON.parse(text) as Record<string, unknown>)
  return (
    <>
      {changed.map(([key, value]) => (
        <>
          <span class='tag'>
            {key} {String(value)}
          </span>{' '}
        </>
      ))}
    </>
  )
}

const fileName = (path: string) => path.slice(path.lastIndexOf('/') + 1)
