/**
 * One preset: every setting with its help and range, by sections; what was typed stays where it was refused.
 */

import type { Child } from 'hono/jsx'
import type { Preset } from '../db/schema.ts'
import {
  settingFields,
  settingSections,
  type SettingField,
  type SettingKey,
} from '../workers/media/preset_fields.ts'
import { rangeWords } from '../workers/media/ranges.ts'
import type { SettingTexts } from '../workers/media/preset_text.ts'
import { Notice } from './icon.tsx'
import { Layout } from './layout.tsx'
import { Time } from './time.tsx'
import { countText } from './words.ts'

/** The form as it was filled in. */
export interface PresetForm {
  name: string
  category: string
  description: string
  settings: SettingTexts
}

export type PresetFieldName = SettingKey | 'name' | 'category' | 'description'
export type PresetProblems = Partial<Record<PresetFieldName, string>>

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
      islands={['before_after.js']}
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

type SettingProps = Pick<PresetPageProps, 'form' | 'problems'> & { field: SettingField }

const Switch = ({ form, problems, field }: SettingProps) => (
  <div class='field'>
    <label class='row'>
      <input
        type='checkbox'
        {...control(field.key, problems)}
        value='on'
        checked={form.settings[field.key] === 'on'}
      />{' '}
      {field.label}
    </label>
    <Help name={field.key} problems={problems} help={field.help} />
  </div>
)

function SettingControl({ form, problems, field }: SettingProps) {
  const { key, label, range, unit, help } = field
  // The list beside it says “as the master” already.
  const limits = range.kind === 'number' && { unit, range: { ...range, orSource: false } }
  const told = limits ? `${help} ${capital(rangeWords(limits))}.` : help
  return (
    <Field name={key} label={unit ? `${label}, ${unit}` : label} problems={problems} help={told}>
      {range.kind === 'choice' ? (
        <Choice name={key} problems={problems} picked={form.settings[key]} options={range.options} />
      ) : field.common ? (
        <CommonOrCustom form={form} problems={problems} field={field} />
      ) : (
        <NumberInput
          name={key}
          id={fieldId(key)}
          value={form.settings[key]}
          problems={problems}
          field={field}
        />
      )}
    </Field>
  )
}

interface ChoiceProps {
  name: SettingKey
  problems: PresetProblems
  picked: string
  options: readonly (string | number)[]
}

const Choice = ({ name, problems, picked, options }: ChoiceProps) => (
  <select {...control(name, problems)}>
    {options.map((option) => (
      <option value={option} selected={String(option) === picked}>
        {option}
      </option>
    ))}
  </select>
)

/** What is often wanted, by its name; anything else in fields of its own, which stand there only then. */
function CommonOrCustom({ form, problems, field }: SettingProps) {
  const { key, common = [], range, label } = field
  const text = form.settings[key]
  const isCommon = common.some(([value]) => value === text)
  const own = isCommon ? '' : text
  const [width = '', height = ''] = own.split(/\s*[x×]\s*/)
  const number = { problems, field, name: key }
  return (
    <>
      <select {...control(key, problems)}>
        {common.map(([value, words]) => (
          <option value={value} selected={value === text}>
            {words}
          </option>
        ))}
        <option value='custom' selected={!isCommon}>
          other
        </option>
      </select>
      <span class='row tight custom'>
        {range.kind === 'size' ? (
          <>
            <NumberInput {...number} name={`${key}.width`} value={width} label={`${label}: width`} /> ×{' '}
            <NumberInput {...number} name={`${key}.height`} value={height} label={`${label}: height`} />
          </>
        ) : (
          <NumberInput {...number} name={`${key}.custom`} value={own} label={`${label}: other`} />
        )}
      </span>
    </>
  )
}

interface NumberProps {
  name: string
  id?: string
  value: string
  problems: PresetProblems
  field: SettingField
  /** Where no label stands beside it. */
  label?: string
}

function NumberInput({ name, id, value, problems, field: { key, range }, label }: NumberProps) {
  const limits =
    range.kind === 'number' || range.kind === 'size' ? range : { least: undefined, most: undefined }
  return (
    <input
      type='number'
      inputmode='decimal'
      name={name}
      id={id}
      value={value}
      min={limits.least}
      max={limits.most}
      step={range.kind === 'number' && !range.whole ? 'any' : 1}
      aria-label={label}
      aria-invalid={problems[key] === undefined ? undefined : 'true'}
      aria-describedby={`help-${fieldId(key)}`}
    />
  )
}

interface FieldProps {
  name: PresetFieldName
  label: string
  help: string
  problems: PresetProblems
  children?: Child
}

const Field = ({ name, label, help, problems, children }: FieldProps) => (
  <div class='field'>
    <label for={fieldId(name)}>{label}</label>
    {children}
    <Help name={name} problems={problems} help={help} />
  </div>
)

function Help({ name, problems, help }: Pick<FieldProps, 'name' | 'problems' | 'help'>) {
  const problem = problems[name]
  return (
    <small id={`help-${fieldId(name)}`} class={problem === undefined ? undefined : 'error'}>
      {problem === undefined ? help : `${capital(problem)}.`}
    </small>
  )
}

/** What every control of a field has. */
const control = (name: PresetFieldName, problems: PresetProblems) => ({
  name,
  id: fieldId(name),
  'aria-describedby': `help-${fieldId(name)}`,
  'aria-invalid': problems[name] === undefined ? undefined : ('true' as const),
})

const fieldId = (name: PresetFieldName) => `field-${name.replace('.', '-')}`

const labelOf = (name: PresetFieldName) =>
  settingFields.find(({ key }) => key === name)?.label ?? capital(name)

const capital = (text: string) => text.replace(/^./u, (letter) => letter.toUpperCase())

/** Asked before a preset is removed: in a dialog, or without JavaScript on a page of its own. */
const DeleteDialog = (preset: Preset) => (
  <dialog id='delete' aria-labelledby='delete-title'>
    <DeleteForm preset={preset} inDialog />
  </dialog>
)

export const DeletePresetPage = ({ preset }: { preset: Preset }) => (
  <Layout title={`Delete ${preset.name}`} here='presets'>
    <div class='panel narrow'>
      <DeleteForm preset={preset} />
    </div>
  </Layout>
)

const DeleteForm = ({ preset, inDialog = false }: { preset: Preset; inDialog?: boolean }) => (
  <form method='post' action={`/presets/${preset.key}/delete`}>
    {inDialog ? (
      <h2 id='delete-title'>Delete “{preset.name}”?</h2>
    ) : (
      <h1 id='delete-title'>Delete “{preset.name}”?</h1>
    )}
    <p>
      {preset.use_count === 0
        ? 'No session has used it.'
        : `${countText(preset.use_count, 'session')} used it; they keep the settings they were made with.`}{' '}
      Export it first if you may want it back.
    </p>
    <div class='row'>
      {inDialog ? (
        <button type='button' data-closes>
          Keep
        </button>
      ) : (
        <a class='button' href={`/presets/${preset.key}`}>
          Keep
        </a>
      )}
      <button class='danger'>Delete</button>
    </div>
  </form>
)
