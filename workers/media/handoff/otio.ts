/**
 * OpenTimelineIO: the timeline format that editing programs and pipelines share.
 */

import { countedFrame, countingRate, fractionValue } from '../timecode.ts'
import { evenly } from './edl.ts'
import { countingOf, firstFrame } from './frame_timecode.ts'
import { type HandOff, type HandOffFormat, sceneName } from './hand_off.ts'

export const otio: HandOffFormat = {
  name: 'otio',
  title: 'OpenTimelineIO',
  summary: 'for Resolve, Premiere Pro and pipelines: a timeline of clips that keep their notes.',
  ending: 'otio',
  type: 'application/json',
  write: (handOff) => `${JSON.stringify(timelineOf(handOff), null, 2)}\n`,
}

/** Schemas as OpenTimelineIO 0.12 and everything since read them. */
function timelineOf(handOff: HandOff) {
  const rate = fractionValue(countingRate(handOff))
  const first = firstFrame(handOff.startTimecode, countingOf(handOff.rate, handOff.startTimecode))
  const time = (value: number) => ({ OTIO_SCHEMA: 'RationalTime.1', rate, value })
  const range = (from: number, to: number) => ({
    OTIO_SCHEMA: 'TimeRange.1',
    start_time: time(from),
    duration: time(to - from),
  })
  const whole = countedFrame({ frame: handOff.frames, time: handOff.duration }, handOff)
  const clips = handOff.scenes.map((scene) => {
    const [from, to] = evenly(scene, handOff)
    return {
      OTIO_SCHEMA: 'Clip.1',
      name: sceneName(scene),
      source_range: range(first + from, first + to),
      media_reference: {
        OTIO_SCHEMA: 'ExternalReference.1',
        name: handOff.master,
        target_url: encodeURIComponent(handOff.master),
        available_range: range(first, first + whole),
        metadata: {},
      },
      effects: [],
      markers: [],
      metadata: { cutroom: { scene: scene.number, note: scene.note } },
    }
  })
  return {
    OTIO_SCHEMA: 'Timeline.1',
    name: handOff.title,
    global_start_time: time(first),
    tracks: {
      OTIO_SCHEMA: 'Stack.1',
      name: 'tracks',
      children: [
        {
          OTIO_SCHEMA: 'Track.1',
          name: 'Scenes',
          kind: 'Video',
          children: clips,
          effects: [],
          markers: [],
          metadata: {},
        },
      ],
      effects: [],
      markers: [],
      metadata: {},
    },
    metadata: {},
  }
}
