/**
 * One preset: every setting with its help and range, by sections; what was typed stays where it was refused.
 */

import type { Child } from 'hono/jsx'
import type { Preset } from '../db/schema.ts'
import { settingFields, settingSections } from '../workers/media/preset_fields.ts'
import { Notice } from './icon.tsx'
import { Layout } from './layout.tsx'
import {
  control,
  Field,
  fieldId,
  labelOf,
  type PresetFieldName,
  type PresetForm,
  type PresetProblems,
  SettingControl,
  Switch,
} from './preset_controls.tsx'
import { DeleteDialog } from './preset_delete.tsx'
import { Time } from './time.tsx'
import { countText } from './words.ts'

export interface PresetPageProps {
  eventId: number
  /** Null for a new one. */
  preset: Preset | null
  isUsual: boolean
  form: PresetForm
  problems: PresetProblems
  /** What somebody else changed since the form was opened; saving again is then deliberate. */
  overtaken?: Overtaken | undefined
  categories: string[]
  preview?: Child
}

export interface Overtaken {
  /** Null where nobody said. */
  by: string | null
  at: string
  /** "CRF: 20 → 22". */
  changes: string[]
  /** Of these both were changed: what was typed here is what stands in the form. */
  both: string[]
}

export function PresetPage(props: PresetPageProps) {
  const { eventId, preset, problems, preview } = props
  const isBuiltin = preset?.builtin === 1
  const title = preset?.name ?? 'New preset'
  return (
    <Layout
      title={title}
      eventId={eventId}
      here='presets'
      after={preset && !isBuiltin && <DeleteDialog {...preset} />}
    >
      <Head {...props} />
      {preset && isBuiltin && <Protected {...preset} />}
      <form
        class='columns'
        method='post'
        action={preset ? `/presets/${preset.key}` : '/presets'}
        id='preset-form'
        autocomplete='off'
        novalidate
      >
        <div class='stack'>
          <Refused problems={problems} />
          {props.overtaken && <OvertakenNotice {...props.overtaken} />}
          {preset && <input type='hidden' name='seen' value={preset.modified_at} />}
          {preset && <input type='hidden' name='preset' value={preset.key} />}
          <fieldset class='stack' disabled={isBuiltin}>
            <legend class='visually-hidden'>{title}</legend>
            <AboutPanel {...props} />
            {settingSections.map((section) => (
              <SectionPanel {...props} section={section} />
            ))}
          </fieldset>
          {preview}
        </div>
        <aside class='stack sticky' aria-label='Saving'>
          {!isBuiltin && (
            <section class='panel'>
              <button class='primary' data-go aria-keyshortcuts='Shift+Enter'>
                {preset ? 'Save' : 'Add the preset'} <kbd>⇧ ↵</kbd>
              </button>
              <p class='soft'>
                Sessions that have begun keep the settings they began with.
                {preset &&
                  preset.use_count > 0 &&
                  ` ${countText(preset.use_count, 'session')} used this preset.`}
              </p>
            </section>
          )}
        </aside>
      </form>
    </Layout>
  )
}

function Head({ preset, isUsual }: PresetPageProps) {
  if (!preset) return <h1>New preset</h1>
  return (
    <div class='row'>
      <h1>{preset.name}</h1>
      {preset.builtin === 1 && <span class='tag'>built-in</span>}
      {isUsual && <span class='tag'>default</span>}
      <span class='soft'>version {preset.version}</span>
      <div class='row end'>
        {!isUsual && <Act preset={preset} act='default' words='Make default' />}
        <Act preset={preset} act='duplicate' words='Duplicate' />
        <a class='button quiet' href={`/presets/${preset.key}/export`} download>
          Export
        </a>
        {preset.builtin === 0 && (
          <a class='button quiet danger' href={`/presets/${preset.key}/delete`} data-opens='delete'>
            Delete
          </a>
        )}
      </div>
    </div>
  )
}

const Act = ({ preset, act, words }: { preset: Preset; act: string; words: string }) => (
  <form method='post' action={`/presets/${preset.key}/${act}`}>
    <button class='quiet'>{words}</button>
  </form>
)

const Protected = ({ key }: Preset) => (
  <Notice
    action={
      <form method='post' action={`/presets/${key}/duplicate`}>
        <button>Duplicate</button>
      </form>
    }
  >
    This preset ships with Cutroom and cannot be changed. A copy of it can.
  </Notice>
)

/** What was refused, at the top; each field says its own beside it. */
function Refused({ problems }: { problems: PresetProblems }) {
  const refused = Object.keys(problems) as PresetFieldName[]
  if (refused.length === 0) return null
  return (
    <div role='alert'>
      <Notice kind='problem'>
        <b>Not saved.</b> {countText(refused.length, 'field needs', 'fields need')} another value:{' '}
        {refused.map((name, index) => (
          <>
            {index > 0 && ', '}
            <a href={`#${fieldId(name)}`}>{labelOf(name)}</a>
          </>
        ))}
        .
      </Notice>
    </div>
  )
}

const OvertakenNotice = ({ by, at, changes, both }: Overtaken) => (
  <div role='alert'>
    <Notice kind='warning'>
      <b>Not saved yet.</b> {by ?? 'Somebody'} changed this preset <Time at={at} /> while you had it open:{' '}
      {changes.length > 0 ? changes.join('; ') : 'what, nobody noted'}. Those changes are in the form now,
      beside yours.{' '}
      {both.length > 0 && `Where you both changed something (${both.join(', ')}), yours stands here. `}
      Look through it, then save.
    </Notice>
  </div>
)

const AboutPanel = ({ form, problems, categories }: PresetPageProps) => (
  <section class='panel' aria-label='Name and use'>
    <div class='fields'>
      <Field name='name' label='Name' problems={problems} help='What people pick it by'>
        <input {...control('name', problems)} value={form.name} maxlength={100} />
      </Field>
      <Field name='category' label='Category' problems={problems} help='web, social, archive…'>
        <input {...control('category', problems)} value={form.category} list='categories' maxlength={100} />
      </Field>
    </div>
    <Field name='description' label='Description' problems={problems} help='When to use it, in a sentence'>
      <textarea {...control('description', problems)} rows={2} maxlength={2000}>
        {form.description}
      </textarea>
    </Field>
    <datalist id='categories'>
      {categories.map((category) => (
        <option value={category}></option>
      ))}
    </datalist>
  </section>
)

function SectionPanel(props: PresetPageProps & { section: (typeof settingSections)[number] }) {
  const { section } = props
  const fields = settingFields.filter((field) => field.section === section.name)
  const switches = fields.filter(({ range }) => range.kind === 'switch')
  return (
    <section class='panel' aria-labelledby={`section-${section.name}`}>
      <header>
        <h2 id={`section-${section.name}`}>
          {section.title} <span class='soft'>{section.about}</span>
        </h2>
      </header>
      {switches.map((field) => (
        <Switch {...props} field={field} />
      ))}
      <div class='fields roomy'>
        {fields
          .filter((field) => !switches.includes(field))
          .map((field) => (
            <SettingControl {...props} field={field} />
          ))}
      </div>
    </section>
  )
}
