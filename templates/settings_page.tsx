/**
 * The settings, in groups that are saved one by one; what names would come out; roots; and what ffmpeg can do here.
 */

import type { Child } from 'hono/jsx'
import { type Range, rangeWords } from '../workers/media/ranges.ts'
import { Notice } from './icon.tsx'
import { Layout } from './layout.tsx'
import { countText } from './words.ts'

export interface SettingControl {
  key: string
  label: string
  help: string
  /** Null where it is text. */
  range: Range | null
  text: string
  problem: string | undefined
}

export interface SettingGroup {
  name: string
  title: string
  about: string
  controls: SettingControl[]
}

export interface DetectorData {
  name: string
  summary: string
  /** What stands in its field, and what it is from the start. */
  text: string
  usual: number
  least: number
  most: number
}

export interface RootData {
  key: string
  kind: string
  path: string
  name: string | null
  /** Sessions or files need it. */
  inUse: boolean
  /** Given when Cutroom was started. */
  fixed: boolean
}

export interface NamesData {
  folder: string
  files: { folder: string; name: string }[]
  /** Why they cannot be used. */
  problems: string[]
}

export interface AboutData {
  version: string
  ffmpeg: string
  nvenc: boolean
  cores: number
  filters: readonly string[]
}

export interface SettingsPageProps {
  eventId: number
  groups: Record<'naming' | 'behaviour' | 'detection' | 'paths', SettingGroup>
  detectors: DetectorData[]
  names: NamesData
  roots: RootData[]
  /** What was typed for a new root, and why it was refused. */
  newRoot?: { path: string; name: string; problem: string } | undefined
  /** Why a root was not changed. */
  rootProblem?: string | undefined
  about: AboutData
  /** The group that was just saved. */
  saved?: string | undefined
}

export const SettingsPage = (props: SettingsPageProps) => {
  const { groups, saved } = props
  return (
    <Layout title='Settings' eventId={props.eventId} here='settings'>
      <header class='session-head'>
        <h1>Settings</h1>
        <nav class='tabs' aria-label='Groups'>
          {[
            ...Object.values(groups),
            { name: 'roots', title: 'Roots' },
            { name: 'about', title: 'About' },
          ].map(({ name, title }) => (
            <a href={`#${name}`}>{title}</a>
          ))}
        </nav>
      </header>
      <div id='saved' role='status'>
        {saved !== undefined && <Notice>Saved: {saved}.</Notice>}
      </div>
      <GroupForm group={groups.naming} beside={<Names {...props.names} />} live />
      <GroupForm group={groups.behaviour} />
      <DetectionForm group={groups.detection} detectors={props.detectors} />
      <GroupForm group={groups.paths} />
      <RootsPanel {...props} />
      <AboutPanel {...props.about} />
    </Layout>
  )
}

interface GroupFormProps {
  group: SettingGroup
  beside?: Child
  /** What stands beside it follows what is typed. */
  live?: boolean
}

const GroupForm = ({ group, beside, live = false }: GroupFormProps) => (
  <form
    class='panel'
    method='post'
    action={`/settings/${group.name}`}
    id={group.name}
    aria-labelledby={`${group.name}-title`}
    autocomplete='off'
    novalidate
    {...(live && {
      'hx-get': '/settings/names',
      'hx-trigger': 'input delay:150ms',
      'hx-target': '#names',
      'hx-swap': 'outerMorph',
      'hx-sync': 'this:replace',
    })}
  >
    <GroupHead {...group} />
    <div class={beside ? 'columns halves' : undefined}>
      <div class='fields roomy'>
        {group.controls.map((control) => (
          <Control {...control} />
        ))}
      </div>
      {beside}
    </div>
    <p>
      <button>Save</button>
    </p>
  </form>
)

const GroupHead = ({ name, title, about, controls }: SettingGroup) => (
  <>
    <header>
      <h2 id={`${name}-title`}>
        {title} <span class='soft'>{about}</span>
      </h2>
    </header>
    {controls.some(({ problem }) => problem !== undefined) && (
      <div role='alert'>
        <Notice kind='problem'>
          <b>Nothing was saved.</b>{' '}
          {countText(
            controls.filter(({ problem }) => problem !== undefined).length,
            'field needs',
            'fields need',
          )}{' '}
          another value.
        </Notice>
      </div>
    )}
  </>
)

function Control(control: SettingControl) {
  const { key, label, range } = control
  if (range?.kind === 'switch')
    return (
      <div class='field'>
        <label class='row'>
          <input type='checkbox' {...attributes(control)} value='on' checked={control.text === 'on'} />{' '}
          {label}
        </label>
        <Help {...control} />
      </div>
    )
  return (
    <div class='field'>
      <label for={`setting-${key}`}>{label}</label>
      {range?.kind === 'choice' ? (
        <select {...attributes(control)}>
          {range.options.map((option) => (
            <option value={option} selected={String(option) === control.text}>
              {option}
            </option>
          ))}
        </select>
      ) : range?.kind === 'number' ? (
        <input
          {...attributes(control)}
          type='number'
          value={control.text}
          min={range.least}
          max={range.most}
          step={range.whole ? 1 : 'any'}
        />
      ) : (
        <input {...attributes(control)} value={control.text} spellcheck={false} />
      )}
      <Help {...control} />
    </div>
  )
}

const attributes = ({ key, problem }: SettingControl) => ({
  name: key,
  id: `setting-${key}`,
  'aria-describedby': `help-${key}`,
  'aria-invalid': problem === undefined ? undefined : ('true' as const),
})

const Help = ({ key, help, range, problem }: SettingControl) => (
  <small id={`help-${key}`} class={problem === undefined ? undefined : 'error'}>
    {problem ?? [help, range?.kind === 'number' && rangeWords({ range })].filter(Boolean).join('. ')}
  </small>
)

/** What a project would look like; swapped while templates are typed. */
export const Names = ({ folder, files, problems }: NamesData) => (
  <div class='stack tight' id='names' role='status' aria-label='How names would look'>
    {problems.length > 0 ? (
      <Notice kind='problem'>{problems.join('; ')}.</Notice>
    ) : (
      <>
        <p class='path'>
          <b>{folder}/</b>
        </p>
        <ul class='path'>
          {files.map(({ folder: inside, name }) => (
            <li>
              <span class='soft'>{inside}/</span>
              {name}
            </li>
          ))}
        </ul>
      </>
    )}
  </div>
)

function DetectionForm({ group, detectors }: { group: SettingGroup; detectors: DetectorData[] }) {
  const control = (key: string) => group.controls.find((one) => one.key === key)
  const [picked, shortest] = [control('detector_default'), control('min_scene_length_default')]
  const wrong = [control('scene_threshold_default'), control('detector_thresholds'), picked]
  const problem = wrong.map((one) => one?.problem).find((one) => one !== undefined)
  return (
    <form
      class='panel'
      method='post'
      action='/settings/detection'
      id='detection'
      autocomplete='off'
      novalidate
    >
      <GroupHead {...group} />
      <fieldset class='stack tight' aria-describedby={problem === undefined ? undefined : 'detector-problem'}>
        <legend class='visually-hidden'>Detector, and the threshold of each</legend>
        {problem !== undefined && (
          <p class='error' id='detector-problem'>
            {problem}
          </p>
        )}
        {detectors.map((detector) => (
          <DetectorRow {...detector} isPicked={picked?.text === detector.name} />
        ))}
      </fieldset>
      {shortest && <Control {...shortest} />}
      <p>
        <button>Save</button>
      </p>
    </form>
  )
}

const DetectorRow = ({
  name,
  summary,
  text,
  usual,
  least,
  most,
  isPicked,
}: DetectorData & { isPicked: boolean }) => (
  <div class='detector'>
    <label>
      <input type='radio' name='detector_default' value={name} checked={isPicked} /> <b>{name}</b>{' '}
      <span class='soft'>{summary}</span>
    </label>
    <label class='row tight'>
      <input
        type='number'
        name={`threshold.${name}`}
        value={text}
        placeholder={String(usual)}
        min={least}
        max={most}
        step='any'
        aria-label={`Threshold of ${name}`}
      />
      <small>
        {least} to {most}, usually {usual}
      </small>
    </label>
  </div>
)

const kinds: Record<string, string> = {
  media: 'masters are picked here',
  output: 'project folders are made here',
  source: 'masters came from here, by the shell',
}

const RootsPanel = ({ roots, newRoot, rootProblem }: SettingsPageProps) => (
  <section class='panel' id='roots' aria-labelledby='roots-title'>
    <header>
      <h2 id='roots-title'>
        Roots{' '}
        <span class='soft'>All that Cutroom reads or writes lies in one of these folders of the server.</span>
      </h2>
    </header>
    {rootProblem !== undefined && (
      <div role='alert'>
        <Notice kind='problem'>{rootProblem}</Notice>
      </div>
    )}
    <div class='scroll'>
      <table class='table folds'>
        <thead>
          <tr>
            <th scope='col'>Folder</th>
            <th scope='col'>For</th>
            <th scope='col'>Name</th>
            <th scope='col'>
              <span class='visually-hidden'>Remove</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {roots.map((root) => (
            <RootRow {...root} />
          ))}
        </tbody>
      </table>
    </div>
    <form class='fields roomy' method='post' action='/settings/roots' autocomplete='off'>
      <div class='field'>
        <label for='root-path'>Another output folder</label>
        <input
          id='root-path'
          name='path'
          value={newRoot?.path}
          placeholder='/mnt/studio/archive'
          aria-describedby='root-help'
          aria-invalid={newRoot ? 'true' : undefined}
        />
        <small id='root-help' class={newRoot ? 'error' : undefined}>
          {newRoot?.problem ?? 'On the server, from its top; it must be there and writable'}
        </small>
      </div>
      <div class='field'>
        <label for='root-name'>Its name</label>
        <input id='root-name' name='name' value={newRoot?.name} maxlength={60} />
        <small>What people pick it by; its path if empty</small>
      </div>
      <p>
        <button>Add the folder</button>
      </p>
    </form>
  </section>
)

const RootRow = ({ key, kind, path, name, inUse, fixed }: RootData) => (
  <tr>
    <td class='path'>{path}</td>
    <td class='soft'>{kinds[kind] ?? kind}</td>
    <td>
      <form class='row tight' method='post' action={`/settings/roots/${key}`}>
        <input name='name' value={name ?? ''} maxlength={60} aria-label={`Name of ${path}`} />
        <button class='quiet'>Rename</button>
      </form>
    </td>
    <td class='number'>
      {fixed || inUse ? (
        <span class='soft'>{fixed ? 'from the start' : 'in use'}</span>
      ) : (
        <form method='post' action={`/settings/roots/${key}/remove`}>
          <button class='quiet danger' aria-label={`Remove ${path}`}>
            Remove
          </button>
        </form>
      )}
    </td>
  </tr>
)

/** What each filter is for, and what is done without it. */
const filterUses: [name: string, use: string, without: string][] = [
  ['zscale', 'HDR is tone-mapped', 'HDR looks flat in stills and clips'],
  ['tonemap', 'HDR is tone-mapped', 'HDR looks flat in stills and clips'],
  [
    'premultiply',
    'half-transparent edges keep their brightness',
    'half-transparent edges come out too bright',
  ],
]

const AboutPanel = ({ version, ffmpeg, nvenc, cores, filters }: AboutData) => (
  <section class='panel' id='about' aria-labelledby='about-title'>
    <header>
      <h2 id='about-title'>About</h2>
    </header>
    <dl class='facts'>
      <dt>Cutroom</dt>
      <dd>{version}</dd>
      <dt>ffmpeg</dt>
      <dd>{ffmpeg}</dd>
      <dt>Cores</dt>
      <dd>{cores}</dd>
      <dt>Encoders</dt>
      <dd>
        x264 for the picture, AAC for the sound;{' '}
        {nvenc ? 'NVENC works here' : 'NVENC does not work here, so x264 is used where it is asked for'}
      </dd>
      {filterUses.map(([name, use, without]) => (
        <>
          <dt>{name}</dt>
          <dd>{filters.includes(name) ? `there: ${use}` : `not there: ${without}`}</dd>
        </>
      ))}
    </dl>
    <p class='soft'>
      How long things are kept, backups and the schedule are on <a href='/upkeep'>Upkeep</a>.
    </p>
  </section>
)
