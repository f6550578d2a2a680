/**
 * Backups of the database: which there are, a new one, and putting one back.
 */

import type { StoredBackup } from '../db/backup_files.ts'
import type { Restore } from '../db/edits.ts'
import type { RunData } from './data.ts'
import { Icon, Notice } from './icon.tsx'
import { Layout } from './layout.tsx'
import { Time } from './time.tsx'
import { UpkeepHead } from './upkeep_tabs.tsx'
import { bytesText } from './words.ts'

export interface BackupsPageProps {
  eventId: number
  list: StoredBackup[]
  folder: string
  isMaking: boolean
  restored: Restore | null
  last: RunData | null
}

/** While one is being made it asks for itself again. */
export const BackupsPage = ({ eventId, list, folder, isMaking, restored, last }: BackupsPageProps) => (
  <Layout title='Backups' eventId={eventId} here='upkeep'>
    <UpkeepHead here='backups' />
    <section
      class='stack'
      id='backups'
      aria-labelledby='backups-title'
      {...(isMaking && {
        'hx-get': '/upkeep/backups',
        'hx-trigger': 'every 2s',
        'hx-select': '#backups',
        'hx-swap': 'outerHTML',
      })}
    >
      <div class='row'>
        <h2 id='backups-title'>Backups of the database</h2>
        <form method='post' action='/upkeep/backups' class='end'>
          <button>
            <Icon name='plus' /> Back up now
          </button>
        </form>
      </div>
      <p class='soft' role='status'>
        {isMaking && 'One is being made and checked. It stands here when that is done.'}
      </p>
      {restored && <Restored {...restored} />}
      {last?.status === 'failed' && (
        <Notice kind='warning'>The last one could not be made: {last.summary}</Notice>
      )}
      {list.length === 0 ? (
        <div class='empty'>
          <h3>No backups yet</h3>
          <p>A backup is a copy of all sessions, history, presets and settings, checked when it is made.</p>
        </div>
      ) : (
        <List list={list} />
      )}
      <p class='soft'>
        They lie in <span class='tc'>{folder}</span>. Copy them to another disk: they hold no masters and no
        outputs, and a backup beside the database does not survive the disk.
      </p>
    </section>
  </Layout>
)

const Restored = ({ name, at, safety_copy }: Restore) => (
  <Notice>
    The database was restored from <span class='tc'>{name}</span>, <Time at={at} />.
    {safety_copy !== null && (
      <>
        {' '}
        What was there before is kept as{' '}
        <span class='tc'>{safety_copy.slice(safety_copy.lastIndexOf('/') + 1)}</span>.
      </>
    )}
  </Notice>
)

const List = ({ list }: Pick<BackupsPageProps, 'list'>) => (
  <div class='scroll'>
    <table class='table folds'>
      <thead>
        <tr>
          <th scope='col'>Backup</th>
          <th scope='col'>Why</th>
          <th scope='col' class='number'>
            Size
          </th>
          <th scope='col' class='number'>
            Made
          </th>
          <th scope='col'>
            <span class='visually-hidden'>What to do</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {list.map(({ name, kind, bytes, at }) => (
          <tr id={name}>
            <td class='tc'>{name}</td>
            <td>{reasons[kind]}</td>
            <td class='number'>{bytesText(bytes)}</td>
            <td class='number'>
              <Time at={at} />
            </td>
            <td>
              <a class='button quiet' href={`/upkeep/backups/${name}/restore`} aria-label={`Restore ${name}`}>
                Restore…
              </a>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
)

const reasons: Record<StoredBackup['kind'], string> = {
  state_backup: 'asked for, or on schedule',
  before_restore: 'before another was put back',
  before_migration: 'before an update',
  before_reset: 'before a reset',
  salvaged: 'recovered from a damaged one',
}

export const RestorePage = ({ eventId, backup }: { eventId: number; backup: StoredBackup }) => (
  <Layout title='Restore a backup' eventId={eventId} here='upkeep'>
    <UpkeepHead here='backups' />
    <section class='panel' aria-labelledby='restore-title'>
      <header>
        <h2 id='restore-title'>Restore this backup?</h2>
      </header>
      <p>
        <span class='tc'>{backup.name}</span>, {bytesText(backup.bytes)}, made <Time at={backup.at} />.
      </p>
      <p>
        Sessions, history, presets and settings become what they were then. What is there now is backed up
        first. What runs is stopped, and Cutroom begins anew; that takes some seconds. Files on disk stay as
        they are.
      </p>
      <form method='post' class='row'>
        <button class='danger'>Restore</button>
        <a class='button quiet' href='/upkeep/backups'>
          Keep what is there
        </a>
      </form>
    </section>
  </Layout>
)
