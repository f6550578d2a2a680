/**
 * What to know of a master before the start: its picture and sound, warnings, the room its archive needs.
 */

import type { Probe } from '../workers/media/probe.ts'
import { fractionValue } from '../workers/media/timecode.ts'
import { Notice } from './icon.tsx'
import { codecText } from '../workers/media/codec.ts'
import type { Expected } from './data.ts'
import { aboutBytesText, bytesText, countText, lengthText, numberText, rangeText, spanText } from './words.ts'

export interface LookData {
  name: string
  probe: Probe | null
  refusal: string | null
  warnings: string[]
  /** Bytes. */
  free: number
  /** What an archive of it, with the R&D folder, will take with the chosen preset; null where that cannot be said. */
  expected: Expected | null
}

export function MasterLook({ look }: { look: LookData | null }) {
  return (
    <div
      class='stack look'
      id='look'
      aria-live='polite'
      role='group'
      aria-labelledby='plan-title'
      tabindex={0}
    >
      {look === null ? (
        <p class='soft'>Pick a master: what it is and the room it needs are told here.</p>
      ) : (
        <Looked {...look} />
      )}
    </div>
  )
}

export interface ResearchLookData {
  /** Relative to the media folder. */
  path: string
  files: number
  bytes: number
}

/** One line in any case, so that it moves nothing. */
export const ResearchLook = ({ look }: { look: ResearchLookData | null }) => (
  <p class='row' id='look-rd' aria-live='polite'>
    {look === null ? (
      <span class='soft'>No folder is picked.</span>
    ) : (
      <>
        <span class='path'>{look.path}</span>
        <span class='soft'>
          {look.files === 0
            ? 'no pictures or videos in it'
            : `${countText(look.files, 'picture or video', 'pictures and videos')}, ${bytesText(look.bytes)}`}
        </span>
      </>
    )}
  </p>
)

function Looked({ name, probe, refusal, warnings, free, expected }: LookData) {
  return (
    <>
      <p class='path'>{name}</p>
      {refusal !== null && <Notice kind='problem'>{refusal}</Notice>}
      {probe && <Facts {...probe} />}
      {warnings.map((warning) => (
        <Notice kind='warning'>{warning}</Notice>
      ))}
      {refusal === null && expected && <Expectations {...expected} />}
      {refusal === null && expected && <Room needed={expected.bytes.high} free={free} />}
    </>
  )
}

const Facts = ({ video, audio, duration, bytes }: Probe) => (
  <dl class='facts'>
    <dt>Picture</dt>
    <dd>
      {video.width} × {video.height}, {rateText(video.frameRate)} fps, {codecText(video.codec)} {video.depth}
      -bit
    </dd>
    <dt>Length</dt>
    <dd>
      {lengthText(duration)}{' '}
      {video.frames !== null && <span class='soft'>· {numberText(video.frames)} frames</span>}
    </dd>
    <dt>Sound</dt>
    <dd>{audio.length === 0 ? 'none' : audio.map(soundText).join('; ')}</dd>
    <dt>Size</dt>
    <dd>{bytesText(bytes)}</dd>
  </dl>
)

const Expectations = ({ seconds, bytes, basis }: Expected) => (
  <dl class='facts'>
    <dt>Takes</dt>
    <dd>{rangeText(seconds, spanText)}</dd>
    <dt>Makes</dt>
    <dd>
      {rangeText(bytes, aboutBytesText)} <span class='soft'>{basis}</span>
    </dd>
  </dl>
)

function Room({ needed, free }: { needed: number; free: number }) {
  const short = needed > free
  const share = Math.min(100, Math.max(1, (100 * needed) / Math.max(1, free)))
  return (
    <div class='field'>
      <p class='row'>
        <span>Space needed</span> <b class='end'>up to {aboutBytesText(needed)}</b>
      </p>
      <svg
        class='sizes'
        role='img'
        aria-label={`${bytesText(needed)} of ${bytesText(free)} free`}
        width='100%'
        height='8'
      >
        <rect class='before' width='100%' height='8' rx='2' />
        <rect class='now' width={`${share}%`} height='8' rx='2' />
      </svg>
      <p class='soft'>{bytesText(free)} free</p>
      {short && (
        <Notice kind='problem'>
          The disk has too little room. Make some, or choose another output folder with --output.
        </Notice>
      )}
    </div>
  )
}

const rateText = (rate: Probe['video']['frameRate']) => String(Number(fractionValue(rate).toFixed(3)))

const soundText = ({ codec, channels, sampleRate }: Probe['audio'][number]) =>
  `${codecText(codec)} ${channels === 1 ? 'mono' : channels === 2 ? 'stereo' : `${channels} channels`}, ${sampleRate / 1000} kHz`
