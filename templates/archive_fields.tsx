/**
 * The fields of a new archive: what was typed, how each is called and explained, and what was refused beside it.
 */

import type { PresetChoice } from './data.ts'
import { countText, sentence } from './words.ts'

export const archiveFields = [
  'master',
  'rd',
  'artwork',
  'date',
  'preset',
  'encoder',
  'detector',
  'threshold',
  'minSceneLength',
  'ifExists',
  'output',
  'aspect',
  'crf',
  'speed',
  'quality',
  'maxWidth',
  /** Lines of `key=value`. */
  'more',
] as const

/** The form as it was filled in: texts, as forms are. */
export type ArchiveForm = Record<(typeof archiveFields)[number], string>

export interface FormProblem {
  /** Undefined where it is about the whole. */
  field: keyof ArchiveForm | undefined
  message: string
}

export interface DetectorChoice {
  name: string
  summary: string
  /** What its threshold is where none is given, and what it may be. */
  threshold: { usual: number; least: number; most: number }
}

export interface OutputChoice {
  key: string
  name: string
}

/** What every field is given. */
export interface Part {
  form: ArchiveForm
  problem: FormProblem | null
}

export const PresetField = ({ form, presets }: { form: ArchiveForm; presets: PresetChoice[] }) => (
  <fieldset class='choices' id='field-preset'>
    <legend class='visually-hidden'>Preset</legend>
    {presets.map((preset) => (
      <label>
        <input type='radio' name='preset' value={preset.key} checked={form.preset === preset.key} />
        <span>{preset.name}</span>
        {preset.use_count > 0 ? (
          <span class='tag'>used {countText(preset.use_count, 'time')}</span>
        ) : (
          <span></span>
        )}
        <small>{preset.description}</small>
      </label>
    ))}
  </fieldset>
)

interface DetectorProps extends Part {
  detectors: DetectorChoice[]
}

export const DetectorField = ({ form, problem, detectors }: DetectorProps) => (
  <fieldset class='choices' id='field-detector'>
    <legend>How cuts are found</legend>
    {detectors.map(({ name, summary, threshold }) => (
      <label>
        <input
          type='radio'
          name='detector'
          value={name}
          checked={form.detector === name}
          data-usual={threshold.usual}
          data-least={threshold.least}
          data-most={threshold.most}
        />
        <span>{name}</span>
        <span></span>
        <small>{summary}</small>
      </label>
    ))}
    {problem?.field === 'detector' && <small class='error'>{sentence(problem.message)}</small>}
  </fieldset>
)

/** Empty is as usual, so that a choice without script needs no other change; an island tells the picked one’s range. */
export function ThresholdField({ form, problem, detectors }: DetectorProps) {
  const picked = detectors.find(({ name }) => name === form.detector) ?? detectors[0]
  if (!picked) return null
  const { usual, least, most } = picked.threshold
  return (
    <TextField
      name='threshold'
      label='Threshold'
      help={`${least} to ${most}; ${usual} if empty`}
      form={form}
      problem={problem}
      type='number'
      placeholder={String(usual)}
      min={least}
      max={most}
      step='any'
    />
  )
}

export const OutputField = ({ form, problem, outputs }: Part & { outputs: OutputChoice[] }) => (
  <label class='field'>
    Output folder
    <select name='output' id='field-output' aria-describedby='help-output'>
      {outputs.map(({ key, name }) => (
        <option value={key} selected={form.output === key}>
          {name}
        </option>
      ))}
    </select>
    <small id='help-output' class={problem?.field === 'output' ? 'error' : undefined}>
      {problem?.field === 'output' ? sentence(problem.message) : 'Where the project folder is made'}
    </small>
  </label>
)

export const ExistsField = ({ form, problem }: Part) => (
  <fieldset class='field' id='field-ifExists'>
    <legend>If the folder exists</legend>
    <div class='row'>
      {[
        ['version', 'Make _v2'],
        ['overwrite', 'Overwrite'],
        ['fail', 'Stop'],
      ].map(([value, word]) => (
        <label class='row'>
          <input type='radio' name='ifExists' value={value} checked={form.ifExists === value} /> {word}
        </label>
      ))}
    </div>
    {problem?.field === 'ifExists' && <small class='error'>{sentence(problem.message)}</small>}
  </fieldset>
)

export const MoreField = ({ form, problem }: Part) => (
  <label class='field'>
    Any other setting
    <textarea
      name='more'
      id='field-more'
      rows={3}
      placeholder={'audio.bitrate=192\nvideo.size=1280x720'}
      spellcheck={false}
      aria-invalid={problem?.field === 'more' ? 'true' : undefined}
      aria-describedby='help-more'
    >
      {form.more}
    </textarea>
    <small id='help-more' class={problem?.field === 'more' ? 'error' : undefined}>
      {problem?.field === 'more'
        ? sentence(problem.message)
        : 'One key=value a line, as the shell’s --set takes them'}
    </small>
  </label>
)

interface TextFieldProps extends Part {
  name: keyof ArchiveForm
  label: string
  help: string
  [attribute: string]: unknown
}

export function TextField({ name, label, help, form, problem, ...rest }: TextFieldProps) {
  const refused = problem?.field === name
  return (
    <label class='field'>
      {label}
      <input
        name={name}
        id={`field-${name}`}
        value={form[name]}
        aria-invalid={refused ? 'true' : undefined}
        aria-describedby={`help-${name}`}
        autofocus={refused}
        {...rest}
      />
      <small id={`help-${name}`} class={refused ? 'error' : undefined}>
        {refused ? sentence(problem.message) : help}
      </small>
    </label>
  )
}
