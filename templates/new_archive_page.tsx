/**
 * A new archive: the master and the R&D folder, what it is, how it is made, and what to know before the start.
 */

import type { Child } from 'hono/jsx'
import type { PresetChoice } from './data.ts'
import { Notice } from './icon.tsx'
import { Layout } from './layout.tsx'
import { type LookData, MasterLook, ResearchLook, type ResearchLookData } from './master_look.tsx'
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

export interface NewArchiveProps {
  eventId: number
  form: ArchiveForm
  problem: FormProblem | null
  /** YY-MM-DD. */
  today: string
  presets: PresetChoice[]
  nvenc: boolean
  detectors: DetectorChoice[]
  /** Where project folders may be made; one has no field. */
  outputs: OutputChoice[]
  look: LookData | null
  rdLook: ResearchLookData | null
  speeds: readonly string[]
  /** The folder browsers; rendered by the caller, who knows the roots. */
  browsers: { master: Child; rd: Child }
}

export function NewArchivePage(props: NewArchiveProps) {
  const { eventId, problem, look } = props
  return (
    <Layout title='New archive' eventId={eventId} here='new' islands={['detector.js']}>
      <h1>New archive</h1>
      <form class='columns' method='post' action='/archives' id='archive' autocomplete='off' novalidate>
        <div class='stack'>
          {problem && <Refused {...problem} />}
          <MasterPanel {...props} />
          <WhatPanel {...props} />
          <ResearchPanel {...props} />
          <HowPanel {...props} />
        </div>
        <aside class='stack sticky' aria-labelledby='plan-title'>
          <section class='panel'>
            <header>
              <h2 id='plan-title'>Before the start</h2>
            </header>
            <MasterLook look={look} />
            <button class='primary' data-go aria-keyshortcuts='Shift+Enter'>
              Start <kbd>⇧ ↵</kbd>
            </button>
            <p class='soft'>Cuts are found first; you choose while the rest runs.</p>
          </section>
        </aside>
      </form>
    </Layout>
  )
}

/** What was refused, at the top; the field itself says it again beside it. */
const Refused = ({ message, field }: FormProblem) => (
  <div role='alert' id='refused'>
    <Notice kind='problem'>
      <b>Not started.</b> {sentence(message)} {field && <a href={`#field-${field}`}>Go to the field</a>}
    </Notice>
  </div>
)

type Part = Pick<NewArchiveProps, 'form' | 'problem'>

const MasterPanel = ({ problem, browsers }: NewArchiveProps) => (
  <section class='panel' aria-labelledby='master-title' id='field-master' tabindex={-1}>
    <header>
      <h2 id='master-title'>Master</h2>
    </header>
    <PickError field='master' problem={problem} />
    {browsers.master}
  </section>
)

const ResearchPanel = ({ form, problem, rdLook, browsers }: NewArchiveProps) => (
  <details class='panel' open={form.rd !== '' || problem?.field === 'rd'} id='field-rd'>
    <summary>
      <b>R&amp;D folder</b> <span class='soft'>pictures and videos to archive with it, if there are any</span>
    </summary>
    <PickError field='rd' problem={problem} />
    <ResearchLook look={rdLook} />
    {browsers.rd}
  </details>
)

const PickError = ({ field, problem }: Pick<Part, 'problem'> & { field: 'master' | 'rd' }) =>
  problem?.field === field ? <p class='error'>{sentence(problem.message)}</p> : null

const WhatPanel = ({ form, problem, today }: NewArchiveProps) => (
  <fieldset class='panel'>
    <legend class='visually-hidden'>What it is</legend>
    <div class='fields'>
      <TextField
        name='artwork'
        label='Artwork'
        help='Used in every file name'
        form={form}
        problem={problem}
        required
      />
      <TextField
        name='date'
        label='Date'
        help='YY-MM-DD; today if empty'
        form={form}
        problem={problem}
        placeholder={today}
      />
    </div>
  </fieldset>
)

function HowPanel({ form, problem, presets, nvenc, speeds, detectors, outputs }: NewArchiveProps) {
  const changed = [form.aspect, form.crf, form.speed, form.quality, form.maxWidth, form.more].filter(Boolean)
  const folded = ['encoder', 'aspect', 'crf', 'speed', 'quality', 'maxWidth', 'more'] as const
  const refused = folded.some((name) => name === problem?.field)
  return (
    <section class='panel' aria-labelledby='how-title'>
      <header>
        <h2 id='how-title'>How</h2>
      </header>
      <div class='columns halves'>
        <PresetField form={form} presets={presets} />
        <div class='stack'>
          <DetectorField form={form} problem={problem} detectors={detectors} />
          <div class='fields'>
            <ThresholdField form={form} problem={problem} detectors={detectors} />
            <TextField
              name='minSceneLength'
              label='Shortest scene'
              help='frames'
              form={form}
              problem={problem}
              type='number'
              min='0'
              max='100000'
            />
          </div>
          <ExistsField form={form} problem={problem} />
          {outputs.length > 1 && <OutputField form={form} problem={problem} outputs={outputs} />}
        </div>
      </div>
      <details open={refused || changed.length > 0} id='only-here'>
        <summary>
          Only for this session{' '}
          <span class='soft'>
            {changed.length > 0
              ? `${countText(changed.length, 'change')}`
              : 'encoder, aspect, and every setting of the preset'}
          </span>
        </summary>
        <div class='fields'>
          <label class='field'>
            Encoder
            <select name='encoder' id='field-encoder'>
              <option value='x264' selected={form.encoder === 'x264'}>
                x264
              </option>
              <option value='nvenc' selected={form.encoder === 'nvenc'} disabled={!nvenc}>
                {nvenc ? 'NVENC' : 'NVENC (not on this machine)'}
              </option>
            </select>
            <small></small>
          </label>
          <TextField
            name='aspect'
            label='Aspect in names'
            help='such as 16x9; from the picture if empty'
            form={form}
            problem={problem}
          />
          <TextField
            name='crf'
            label='Video CRF'
            help='0 to 51; lower is finer'
            form={form}
            problem={problem}
            type='number'
            min='0'
            max='51'
            step='any'
          />
          <label class='field'>
            Video speed
            <select name='speed' id='field-speed'>
              <option value=''>as the preset</option>
              {speeds.map((speed) => (
                <option value={speed} selected={form.speed === speed}>
                  {speed}
                </option>
              ))}
            </select>
            <small></small>
          </label>
          <TextField
            name='quality'
            label='Web still quality'
            help='1 to 100'
            form={form}
            problem={problem}
            type='number'
            min='1'
            max='100'
          />
          <TextField
            name='maxWidth'
            label='Web still width'
            help='at most, pixels'
            form={form}
            problem={problem}
            type='number'
            min='16'
            max='16384'
          />
        </div>
        <MoreField form={form} problem={problem} />
      </details>
    </section>
  )
}

const PresetField = ({ form, presets }: { form: ArchiveForm; presets: PresetChoice[] }) => (
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

const DetectorField = ({ form, problem, detectors }: DetectorProps) => (
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
function ThresholdField({ form, problem, detectors }: DetectorProps) {
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

const OutputField = ({ form, problem, outputs }: Part & { outputs: OutputChoice[] }) => (
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

const ExistsField = ({ form, problem }: Part) => (
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

const MoreField = ({ form, problem }: Part) => (
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

function TextField({ name, label, help, form, problem, ...rest }: TextFieldProps) {
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
