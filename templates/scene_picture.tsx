/**
 * The picture of a scene.
 */

import type { Scene } from '../db/schema.ts'

export interface ScenePictureProps {
  sessionKey: string
  scene: Pick<Scene, 'number' | 'start_frame' | 'end_frame'>
  /** Pixels of 320 across; keeps the room until the picture is there. */
  height?: number
}

/** What it shows stands beside it in words. */
export const ScenePicture = ({ sessionKey, scene, height = 136 }: ScenePictureProps) => (
  <img src={scenePicture(sessionKey, scene)} width='320' height={height} alt='' loading='lazy' />
)

/** Named after the frame it shows, so that it may be kept for ever and a re-cut asks for another. */
export const scenePicture = (
  sessionKey: string,
  { number, start_frame, end_frame }: ScenePictureProps['scene'],
) => `/sessions/${sessionKey}/scenes/${number}.jpg?v=${Math.floor((start_frame + end_frame) / 2)}`
