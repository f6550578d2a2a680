/**
 * The settings, in groups that are saved one by one, in place; what names would come out; roots; and what ffmpeg can do here.
 */

import { type Range, rangeWords } from '../workers/media/ranges.ts'
import { type AboutData, AboutPanel } from './about_panel.tsx'
import { Notice } from './icon.tsx'
import { Layout } from './layout.tsx'
import { RootsPanel, type RootsPanelProps } from './roots_panel.tsx'
import { capital, countText, sentence } from './words.ts'

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

export interface NamesData {
  folder: string
  files: { folder: string; name: string }[]
  /** Why they cannot be used. */
  problems: string[]
}

export interface SettingsPageProps extends RootsPanelProps {
  eventId: number
  groups: Record<GroupName, SettingGroup>
  detectors: DetectorData[]
  names: NamesData
  about: AboutData
  /** The name of the group that was just saved. */
  saved?: string | undefined
}

export const SettingsPage = (props: SettingsPageProps) => {
  const { groups } = props
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
      {props.newRoot && (
        <div role='alert'>
          <Notice kind='problem'>
            <b>The folder was not added.</b> {props.newRoot.problem} <a href='#root-path'>Go to the field</a>
          </Notice>
        </div>
      )}
      {groupNames.map((name) => (
        <SettingsGroup {...props} name={name} />
      ))}
      <RootsPanel {...props} />
      <AboutPanel {...props.about} />
    </Layout>
  )
}

const groupNames = ['naming', 'behaviour', 'detection', 'paths'] as const

export type GroupName = (typeof groupNames)[number]

/** One group: what is typed in the others stays when it is saved. */
export function SettingsGroup({ name, ...props }: SettingsPageProps & { name: GroupName }) {
  const group = props.groups[name]
  return (
    <form
      class='panel'
      method='post'
      action={`/settings/${name}`}
      hx-post={`/settings/${name}`}
      hx-swap='none'
      id={name}
      aria-labelledby={`${name}-title`}
      autocomplete='off'
      novalidate
    >
      <GroupHead {...group} isSaved={props.saved === name} />
      {name === 'detection' ? (
        <DetectionFields group={group} detectors={props.detectors} />
      ) : name === 'naming' ? (
        <NamingFields group={group} names={props.names} />
      ) : (
        <Controls {...group} />
      )}
      <p>
        <button>Save</button>
      </p>
    </form>
  )
}

const Controls = (group: SettingGroup) => (
  <div class='fields roomy'>
    {group.controls.map((control) => (
      <Control {...control} focus={control === firstRefused(group)} />
    ))}
  </div>
)

/** What stands beside it follows what is typed. */
const NamingFields = ({ group, names }: { group: SettingGroup; names: NamesData }) => (
  <div class='columns halves'>
    <div
      hx-get='/settings/names'
      hx-include='closest form'
      hx-trigger='input delay:150ms'
      hx-target='#names'
      hx-swap='outerMorph'
      hx-sync='this:replace'
    >
      <Controls {...group} />
    </div>
    <Names {...names} />
  </div>
)

const GroupHead = ({ name, title, about, controls, isSaved }: SettingGroup & { isSaved: boolean }) => (
  <>
    <header>
      <h2 id={`${name}-title`}>
        {title} <span class='soft'>{about}</span>
      </h2>
    </header>
    <div
      role='status'
      id={`saved-${name}`}
      data-saved
      data-wears={isSaved ? controls.find(({ key }) => key === 'ui_theme')?.text : undefined}
    >
      {isSaved && <Notice>Saved.</Notice>}
    </div>
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

/** Where the page opens. */
const firstRefused = ({ controls }: SettingGroup) => controls.find(({ problem }) => problem !== undefined)

function Control(control: SettingControl & { focus: boolean }) {
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

const attributes = ({ key, problem, focus }: SettingControl & { focus: boolean }) => ({
  name: key,
  id: `setting-${key}`,
  'aria-describedby': `help-${key}`,
  'aria-invalid': problem === undefined ? undefined : ('true' as const),
  autofocus: focus,
})

const Help = ({ key, help, range, problem }: SettingControl) => (
  <small id={`help-${key}`} class={problem === undefined ? undefined : 'error'}>
    {problem === undefined
      ? [help, range?.kind === 'number' && capital(rangeWords({ range }))].filter(Boolean).join('. ')
      : sentence(problem)}
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

function DetectionFields({ group, detectors }: { group: SettingGroup; detectors: DetectorData[] }) {
  const control = (key: string) => group.controls.find((one) => one.key === key)
  const [picked, shortest] = [control('detector_default'), control('min_scene_length_default')]
  const wrong = [control('scene_threshold_default'), control('detector_thresholds'), picked]
  const problem = wrong.map((one) => one?.problem).find((one) => one !== undefined)
  return (
    <>
      <fieldset class='stack tight' aria-describedby={problem === undefined ? undefined : 'detector-problem'}>
        <legend class='visually-hidden'>Detector, and the threshold of each</legend>
        {problem !== undefined && (
          <p class='error' id='detector-problem'>
            {sentence(problem)}
          </p>
        )}
        {detectors.map((detector) => (
          <DetectorRow
            {...detector}
            isPicked={picked?.text === detector.name}
            focus={detector === detectors.find(isOutside)}
          />
        ))}
      </fieldset>
      {shortest && <Control {...shortest} focus={shortest === firstRefused(group)} />}
    </>
  )
}

const isOutside = ({ text, least, most }: DetectorData) =>
  text !== '' && !(Number(text) >= least && Number(text) <= most)

function DetectorRow({ isPicked, focus, ...detector }: DetectorData & { isPicked: boolean; focus: boolean }) {
  const { name, summary, text, usual, least, most } = detector
  return (
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
          aria-invalid={isOutside(detector) ? 'true' : undefined}
          autofocus={focus}
        />
        <small>
          {least} to {most}, usually {usual}
        </small>
      </label>
    </div>
  )
}
