/**
 * How Cutroom is: what needs a person, and what it stands on.
 */

import type { HealthData, RunData } from './data.ts'
import { Icon } from './icon.tsx'
import { Layout } from './layout.tsx'
import { PathText } from './path_text.tsx'
import { Time } from './time.tsx'
import { UpkeepHead } from './upkeep_tabs.tsx'
import { bytesText, countText, spanText } from './words.ts'

export interface UpkeepPageProps {
  eventId: number
  health: HealthData
}

export const UpkeepPage = ({ eventId, health }: UpkeepPageProps) => (
  <Layout title='Upkeep' eventId={eventId} here='upkeep'>
    <UpkeepHead here='health' />
    <Complaints {...health} />
    <div class='columns halves'>
      <MachinePanel {...health} />
      <WorkPanel {...health} />
      <DatabasePanel {...health} />
    </div>
  </Layout>
)

const Complaints = ({ complaints }: HealthData) =>
  complaints.length === 0 ? (
    <p>All is well: the database, the disk, the engine and its threads answer.</p>
  ) : (
    <>
      {complaints.map((complaint) => (
        <div class='notice' data-kind='warning' role='alert'>
          <Icon name='warning' />
          <p>{complaint}</p>
        </div>
      ))}
    </>
  )

const MachinePanel = ({ version, node, ffmpeg, uptime, memory, delay, cores }: HealthData) => (
  <section class='panel' aria-labelledby='machine-title'>
    <header>
      <h2 id='machine-title'>Cutroom and its machine</h2>
    </header>
    <dl class='facts'>
      <dt>Version</dt>
      <dd>
        {version} <span class='soft'>on Node {node.replace('v', '')}</span>
      </dd>
      <dt>Running for</dt>
      <dd>{spanText(uptime)}</dd>
      <dt>ffmpeg</dt>
      <dd>
        {ffmpeg.version}{' '}
        <span class='soft'>{ffmpeg.nvenc ? 'encodes on the graphics card' : 'encodes on the processor'}</span>
      </dd>
      <dt>Its filters</dt>
      <dd>{ffmpeg.filters.join(', ') || 'none of those we ask for'}</dd>
      <dt>Memory</dt>
      <dd>
        {bytesText(memory.resident)}{' '}
        <span class='soft'>
          {bytesText(memory.free)} of {bytesText(memory.total)} free
        </span>
      </dd>
      <dt>Answers late by</dt>
      <dd>
        {delay.median.toFixed(1)} ms{' '}
        <span class='soft'>{Math.round(delay.most)} ms at most, in the last ten minutes</span>
      </dd>
      <dt>Cores</dt>
      <dd>{cores}</dd>
    </dl>
  </section>
)

const WorkPanel = ({ operations, sessions }: HealthData) => (
  <section class='panel' aria-labelledby='work-title'>
    <header>
      <h2 id='work-title'>Work</h2>
    </header>
    <dl class='facts'>
      <dt>Steps</dt>
      <dd>
        {operations.running} running <span class='soft'>of {operations.bound} at most</span>
      </dd>
      <dt>Sessions</dt>
      <dd>
        {countText(sessions.open, 'session')} <span class='soft'>running or in the queue</span>
      </dd>
      <dt>Waiting</dt>
      <dd>
        {sessions.waiting} <span class='soft'>for a choice</span>
      </dd>
      <dt>Paused</dt>
      <dd>{sessions.paused}</dd>
    </dl>
  </section>
)

const DatabasePanel = ({ database, lastBackup, lastFixity }: HealthData) => (
  <section class='panel' aria-labelledby='database-title'>
    <header>
      <h2 id='database-title'>Database and checks</h2>
    </header>
    <dl class='facts'>
      <dt>Size</dt>
      <dd>
        {bytesText(database.bytes)}{' '}
        <span class='soft'>and {bytesText(database.journalBytes)} of journal</span>
      </dd>
      <dt>Schema</dt>
      <dd>{database.version}</dd>
      <dt>File</dt>
      <dd class='path'>
        <PathText path={database.path} />
      </dd>
      <dt>Last backup</dt>
      <dd>
        <LastRun run={lastBackup} />
      </dd>
      <dt>Outputs verified</dt>
      <dd>
        <LastRun run={lastFixity} />
      </dd>
    </dl>
  </section>
)

const LastRun = ({ run }: { run: RunData | null }) =>
  run === null ? (
    <span class='soft'>never</span>
  ) : (
    <>
      <Time at={run.started_at} /> <span class='soft'>{run.summary ?? run.status}</span>
    </>
  )
