/**
 * Puts inputs through looking and detection, and says where one did not come out as the table has it.
 */

import path from 'node:path'
import type { Root } from '../../db/schema.ts'
import { createDisk } from '../../server/disk/disk.ts'
import { AppError } from '../../server/errors.ts'
import { detectScenes } from '../../workers/operations/detect.ts'
import type { Probe } from '../../workers/media/probe.ts'
import { OperationError, type Tools } from '../../workers/operation.ts'
import type { Facts, Specimen, World } from './specimen.ts'

export interface Verdict {
  /** What is wrong; empty where it came out as it should. */
  complaints: string[]
  /** What a person was told, or what the film is. */
  said: string
}

const settings = { detector: 'content', threshold: 30, minSceneLength: 15 }

/** Makes it in a folder that stands for the media root, looks at it as the page does, and finds its cuts. */
export async function judge(specimen: Specimen, { root, tools, world }: Court): Promise<Verdict> {
  const disk = createDisk(tools)
  await specimen.make(path.join(root.path, specimen.name), world)
  try {
    const { probe, refusal, warnings } = await disk.look(root, specimen.name)
    if (!probe) return judgeRefusal(specimen, refusal ?? '')
    const seen = await search(await disk.resolve(root, specimen.name), probe, tools)
    return judgeAccepted(specimen, { ...seen, remarks: [...warnings, ...seen.remarks] })
  } catch (error) {
    if (!(error instanceof AppError || error instanceof OperationError)) throw error
    return judgeRefusal(specimen, error.message)
  }
}

export interface Court {
  root: Root
  tools: Tools
  world: World
}

interface Seen {
  probe: Probe
  frames: number
  remarks: string[]
}

async function search(place: string, probe: Probe, tools: Tools): Promise<Seen> {
  const remarks: string[] = []
  const warn = (sentence: string) => void remarks.push(sentence)
  const { signal } = new AbortController()
  const watching = { signal, children, warn, report: () => undefined }
  const { frames } = await detectScenes(place, probe, settings, tools, watching)
  return { probe, frames, remarks }
}

const children = { started: () => undefined, ended: () => undefined }

function judgeAccepted({ outcome }: Specimen, seen: Seen): Verdict {
  const { probe, frames, remarks } = seen
  const said = [`${probe.video.width}x${probe.video.height}, ${frames} frames.`, ...remarks].join(' ')
  if (outcome.kind === 'refused') return { complaints: ['it was accepted'], said }
  if (outcome.kind === 'either') return { complaints: [], said }
  const { unremarked } = outcome.facts
  const wrong = remarks.filter((sentence) => unremarked?.test(sentence))
  const missing = outcome.remarks.filter((remark) => !remarks.some((sentence) => remark.test(sentence)))
  return {
    complaints: [...unlike(outcome.facts, seen), ...missing.map((remark) => `no ${remark}`), ...wrong],
    said,
  }
}

function unlike({ shown, frames, audioTracks, video = {} }: Facts, { probe, ...seen }: Seen): string[] {
  const wanted = { shown, frames, audioTracks, ...video }
  const found: Record<string, unknown> = {
    ...probe.video,
    shown: `${probe.video.width}x${probe.video.height}`,
    frames: seen.frames,
    audioTracks: probe.audio.length,
  }
  return Object.entries(wanted)
    .filter(([name, value]) => value !== undefined && JSON.stringify(found[name]) !== JSON.stringify(value))
    .map(([name, value]) => `${name} is ${JSON.stringify(found[name])}, not ${JSON.stringify(value)}`)
}

function judgeRefusal({ outcome }: Specimen, said: string): Verdict {
  const complaints = [
    !isSentence(said) && 'that is no sentence',
    outcome.kind === 'accepted' && 'it was refused',
    outcome.kind === 'refused' && !outcome.sentence.test(said) && `not ${outcome.sentence}`,
  ].filter((complaint) => typeof complaint === 'string')
  return { complaints, said }
}

/** One line that begins and ends as sentences do. */
const isSentence = (text: string) => /^[^\n]{10,500}[.)]$/.test(text)
