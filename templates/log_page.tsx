/**
 * What each step did: the settings it really used, what it cost, what it warned of; and the process log.
 */

import type { File, Operation } from '../db/schema.ts'
import type { SessionData } from './data.ts'
import { fileUrl } from './gallery.tsx'
import { Icon, State } from './icon.tsx'
import { Layout } from './layout.tsx'
import type { SessionPageProps } from './outputs_page.tsx'
import { QuestionDialogs } from './questions.tsx'
import { SessionHead, SessionTabs } from './session_head.tsx'
import { warningsOf } from './step_list.tsx'
import { Time } from './time.tsx'
import { bytesText, spanText, stepTitle } from './words.ts'

export interface LogPageProps extends SessionPageProps {
  /** The text of the process log, with the row of its file. */
  log: { text: string; file: File } | null
}

export function LogPage({ data, eventId, log }: LogPageProps) {
  return (
    <Layout title={`Log of ${data.session.artwork}`} eventId={eventId} after={<QuestionDialogs {...data} />}>
      <header class='session-head'>
        <SessionHead {...data} />
        <SessionTabs session={data.session} here='log' />
      </header>
      <OperationLog {...data} />
      <p>
        <a href={`/upkeep/log?session=${data.session.key}&level=debug`}>
          What Cutroom’s own log says of this session
        </a>
      </p>
      {log && (
        <section class='stack' aria-labelledby='log-title'>
          <div class='row'>
            <h2 id='log-title'>Process log</h2>
            <a class='button quiet end' href={`${fileUrl(log.file)}?download`} download>
              <Icon name='download' /> {log.file.path.split('/').at(-1)}
            </a>
          </div>
          <pre class='log' tabindex={0} role='group' aria-label='Text of the log'>
            {log.text}
          </pre>
        </section>
      )}
    </Layout>
  )
}

export const logId = (key: string) => `log-${key}`

export const OperationLog = ({ session, operations }: SessionData) => (
  <section class='stack' id={logId(session.key)} aria-labelledby='operations-title'>
    <h2 id='operations-title'>Operations</h2>
    <div class='scroll' tabindex={0} role='group' aria-label='Table of operations'>
      <table class='table folds'>
        <thead>
          <tr>
            <th scope='col'>Step</th>
            <th scope='col'>Outcome</th>
            <th scope='col' class='number'>
              Began
            </th>
            <th scope='col' class='number'>
              Took
            </th>
            <th scope='col' class='number'>
              Processor
            </th>
            <th scope='col' class='number'>
              Memory
            </th>
            <th scope='col' class='number'>
              Read
            </th>
            <th scope='col' class='number'>
              Written
            </th>
          </tr>
        </thead>
        <tbody>
          {operations.map((operation) => (
            <OperationRow {...operation} />
          ))}
        </tbody>
      </table>
    </div>
  </section>
)

function OperationRow(operation: Operation) {
  const { id, name, status, seconds, cpu_seconds, peak_memory_bytes, bytes_in, bytes_out } = operation
  return (
    <tr id={`log-${id}`}>
      <td>
        {stepTitle(name)}
        <Said {...operation} />
      </td>
      <td>
        <State tone={status}>{status === 'processing' ? 'running' : status}</State>
      </td>
      <td class='number'>{operation.started_at !== null && <Time at={operation.started_at} />}</td>
      <td class='number'>{seconds === null ? '' : spanText(seconds)}</td>
      <td class='number minor'>{cpu_seconds === null ? '' : spanText(cpu_seconds)}</td>
      <td class='number minor'>{peak_memory_bytes ? bytesText(peak_memory_bytes) : ''}</td>
      <td class='number minor'>{bytes_in === null ? '' : bytesText(bytes_in)}</td>
      <td class='number'>{bytes_out === null ? '' : bytesText(bytes_out)}</td>
    </tr>
  )
}

/** What it said on the way, and the settings behind a fold. */
function Said(operation: Operation) {
  const settings = JSON.stringify(JSON.parse(operation.settings), null, 2)
  return (
    <div class='said'>
      {operation.error_message !== null && <p class='soft'>{operation.error_message}</p>}
      {warningsOf(operation).map((warning) => (
        <p class='soft'>{warning}</p>
      ))}
      {settings !== '{}' && (
        <details id={`settings-${operation.id}`}>
          <summary>Settings used</summary>
          <pre>{settings}</pre>
        </details>
      )}
    </div>
  )
}
