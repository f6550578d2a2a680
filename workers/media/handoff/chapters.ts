/**
 * Scenes as chapters: for ffmpeg, which writes them into a file, and for the players of browsers.
 */

import { clock } from '../timecode.ts'
import { type HandOffFormat, oneLine, sceneTitle } from './hand_off.ts'

export const ffmetadata: HandOffFormat = {
  name: 'ffmetadata',
  title: 'Chapters for ffmpeg',
  summary:
    'for ffmpeg, which writes them into MP4, MOV or Matroska: ffmpeg -i film.mp4 -i chapters.txt -map_metadata 1 -c copy out.mp4',
  ending: 'txt',
  type: 'text/plain; charset=utf-8',
  write({ title, scenes }) {
    const micros = (seconds: number) => Math.round(seconds * 1e6)
    const chapters = scenes.map((scene) =>
      [
        '[CHAPTER]',
        'TIMEBASE=1/1000000',
        `START=${micros(scene.start)}`,
        `END=${micros(scene.end)}`,
        `title=${escapeMeta(sceneTitle(scene))}`,
        '',
      ].join('\n'),
    )
    return [';FFMETADATA1', `title=${escapeMeta(title)}`, ...chapters].join('\n')
  },
}

const escapeMeta = (text: string) => text.replace(/\r\n?/g, '\n').replace(/[=;#\\\n]/g, (mark) => `\\${mark}`)

export const webvtt: HandOffFormat = {
  name: 'webvtt',
  title: 'WebVTT chapters',
  summary: 'for the web: <track kind="chapters"> beside a video.',
  ending: 'vtt',
  type: 'text/vtt; charset=utf-8',
  write({ scenes }) {
    const cues = scenes.map((scene) =>
      [
        `${scene.number}`,
        `${clock(scene.start)} --> ${clock(scene.end)}`,
        escapeCue(oneLine(sceneTitle(scene))),
        '',
      ].join('\n'),
    )
    return ['WEBVTT', '', ...cues].join('\n')
  },
}

const escapeCue = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
