/**
 * A new archive: the master and the R&D folder, what it is, how it is made, and what to know before the start.
 */

import type { Child } from 'hono/jsx'
import {
  type DetectorChoice,
  DetectorField,
  ExistsField,
  type FormProblem,
  MoreField,
  type OutputChoice,
  OutputField,
  type Part,
  PresetField,
  TextField,
  ThresholdField,
} from './archive_fields.tsx'
import type { PresetChoice } from './data.ts'
import { Notice } from './icon.tsx'
import { Layout } from './layout.tsx'
import { type LookData, MasterLook, ResearchLook, type ResearchLookData } from './master_look.tsx'
import { countText, sentence } from './words.ts'

export interface NewArchiveProps extends Part {
  eventId: number
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

const HowPanel = ({ form, problem, presets, nvenc, speeds, detectors, outputs }: NewArchiveProps) => (
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
    <OnlyHere {...{ form, problem, nvenc, speeds }} />
  </section>
)

type OnlyHereProps = Part & Pick<NewArchiveProps, 'nvenc' | 'speeds'>

/** What differs from the preset for once: folded away, open where something is changed or refused. */
function OnlyHere({ form, problem, nvenc, speeds }: OnlyHereProps) {
  const changed = [form.aspect, form.crf, form.speed, form.quality, form.maxWidth, form.more].filter(Boolean)
  const folded = ['encoder', 'aspect', 'crf', 'speed', 'quality', 'maxWidth', 'more'] as const
  const refused = folded.some((name) => name === problem?.field)
  return (
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
  )
}
