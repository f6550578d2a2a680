/**
 * The fields of a preset's form: each with its label, its help, its range, and what was wrong with it.
 */

import type { Child } from 'hono/jsx'
import { settingFields, type SettingField, type SettingKey } from '../workers/media/preset_fields.ts'
import type { SettingTexts } from '../workers/media/preset_text.ts'
import { rangeWords } from '../workers/media/ranges.ts'
import { capital, sentence } from './words.ts'

/** The form as it was filled in. */
export interface PresetForm {
  name: string
  category: string
  description: string
  settings: SettingTexts
}

export type PresetFieldName = SettingKey | 'name' | 'category' | 'description'
export type PresetProblems = Partial<Record<PresetFieldName, string>>

interface SettingProps {
  form: PresetForm
  problems: PresetProblems
  field: SettingField
}

export const Switch = ({ form, problems, field }: SettingProps) => (
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

export function SettingControl({ form, problems, field }: SettingProps) {
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
      autofocus={id !== undefined && Object.keys(problems)[0] === key}
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

export const Field = ({ name, label, help, problems, children }: FieldProps) => (
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
      {problem === undefined ? help : sentence(problem)}
    </small>
  )
}

/** What every control of a field has. The first that was refused is where the page opens. */
export const control = (name: PresetFieldName, problems: PresetProblems) => ({
  name,
  id: fieldId(name),
  'aria-describedby': `help-${fieldId(name)}`,
  'aria-invalid': problems[name] === undefined ? undefined : ('true' as const),
  autofocus: Object.keys(problems)[0] === name,
})

export const fieldId = (name: PresetFieldName) => `field-${name.replace('.', '-')}`

export const labelOf = (name: PresetFieldName) =>
  settingFields.find(({ key }) => key === name)?.label ?? capital(name)
