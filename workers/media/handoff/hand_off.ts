/**
 * What another program is handed: scenes of a master, and the formats that it can read them in.
 */

import type { Fraction } from '../timecode.ts'

export interface HandOff {
  /** What the project is called. */
  title: string
  /** File name of the master. */
  master: string
  /** Average rate of the master's frames. */
  rate: Fraction
  /** True where frames are not evenly spaced: then formats that count frames count them on an even clock. */
  variable: boolean
  /** The master's own first timecode, "01:00:00:00" or, with drop-frame, "01:00:00;00"; null where it has none. */
  startTimecode: string | null
  /** Of the whole master. */
  frames: number
  /** Seconds, to the end of its last frame. */
  duration: number
  /** In the order in which they play. */
  scenes: HandedScene[]
}

export interface HandedScene {
  number: number
  startFrame: number
  /** Exclusive. */
  endFrame: number
  /** Seconds from the first frame's PTS. */
  start: number
  end: number
  note: string | null
}

export interface HandOffFormat {
  /** How the shell and addresses call it. */
  name: string
  title: string
  /** What it is good for, in a studio's words. */
  summary: string
  /** Ending of its files, without the dot. */
  ending: string
  type: string
  write(handOff: HandOff): string
}

/** What a scene is called where a format wants a name; a note follows in those that have room for it. */
export const sceneName = ({ number }: HandedScene) => `Scene ${number}`

export const sceneTitle = (scene: HandedScene) =>
  scene.note === null ? sceneName(scene) : `${sceneName(scene)}: ${scene.note}`

/** One line of text, whatever was typed. */
// eslint-disable-next-line no-control-regex
export const oneLine = (text: string) => text.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ').trim()
