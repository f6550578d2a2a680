/**
 * One scene of the grid. A film has thousands: it is written as text, which costs a fraction of what components do.
 */

import { html, raw } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'
import type { Scene } from '../db/schema.ts'
import type { Timing } from '../workers/media/timecode.ts'
import { asset } from './asset.ts'
import { scenePicture } from './scene_picture.tsx'
import { gridTimecode } from './words.ts'

export const sceneId = (cutId: number) => `scene-${cutId}`

export interface SceneItemProps {
  sessionKey: string
  scene: Scene
  open: boolean
  timing: Timing
  /** Of its picture, which is 320 wide. */
  height: number
  /** Names of the groups it is in. */
  groups: string[]
}

/**
 * Its times are on it for the timeline and the player, which read them from here. Numbers, keys and the words of columns
 * need no escaping, and stand in the text as they are; what a person typed goes through `html`.
 */
export function SceneItem({ sessionKey, scene, open, timing, height, groups }: SceneItemProps) {
  const from = gridTimecode({ frame: scene.start_frame, time: scene.start_time }, timing)
  const to = gridTimecode({ frame: scene.end_frame, time: scene.end_time }, timing)
  const seconds = scene.end_time - scene.start_time
  const told = `${from.time}${from.frames} to ${to.time}${to.frames}, ${seconds.toFixed(1)} seconds`
  const { cut_id: id, number, origin } = scene
  const flags = (on: number) => `${on === 1 ? ' checked' : ''}${open ? '' : ' disabled'}`
  return raw(`<li class="scene" id="${sceneId(id)}" data-cut="${id}" data-from="${scene.start_frame}" data-to="${scene.end_frame}"
  data-start="${scene.start_time}" data-end="${scene.end_time}" data-origin="${origin}">
<div class="frame">
<label>
<span class="thumb"><img src="${scenePicture(sessionKey, scene)}" width="320" height="${height}" alt="" loading="lazy"/></span>
<span class="tick"><input type="checkbox" id="tick-${id}" name="scene" value="${number}" data-seconds="${seconds.toFixed(3)}"
  aria-label="Scene ${number}, ${told}"${flags(scene.ticked)}/></span>
<span class="length">${seconds.toFixed(1)} s</span>
</label>
<label class="star"><input type="checkbox" id="star-${id}" name="star" value="${id}"
  aria-label="Star scene ${number}"${flags(scene.starred)}/>${icon('star')}</label>
</div>
<p class="line">
<a href="/sessions/${sessionKey}/scenes?scene=${number}" data-go-to="${id}" aria-label="Scene ${number}"><b>${number}</b></a>
<span>${code(from)} – ${code(to)}</span>
</p>
<p class="about">${about(scene, groups)}</p>
</li>`)
}

/** What people did to it; empty for most. */
function about({ origin, note }: Scene, groups: string[]): string {
  const made = origin === 'hand' ? icon('hand') + byHand : origin === 'import' ? icon('file') : ''
  const noted = note === null ? '' : icon('note') + text(html`<span class="note">${note}</span>`)
  return made + noted + groups.map((name) => text(html`<span class="tag">${name}</span>`)).join('')
}

/** Nothing in it is asynchronous. */
const text = (rendered: ReturnType<typeof html>) => (rendered as HtmlEscapedString).toString()

const byHand = '<span class="visually-hidden">Cut by hand</span>'

const icon = (name: string) =>
  `<svg class="icon" aria-hidden="true"><use href="${asset('icons.svg')}#${name}"></use></svg>`

const code = ({ time, frames }: { time: string; frames: string }) =>
  `<span class="tc">${time}<i>${frames}</i></span>`
