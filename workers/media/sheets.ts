/**
 * Sheets of thumbnails: pictures taken at even intervals over a whole video, many to one image.
 */

import type { Probe } from './probe.ts'
import { fractionValue } from './timecode.ts'
import {
  canToneMap,
  type FilterNames,
  outputColour,
  pixelAspect,
  pictureFilters,
  type Size,
  swscaleMatrices,
} from './video.ts'

/** How the thumbnails of a video are taken. All sizes in pixels. */
export interface SheetPlan {
  /** Seconds between two thumbnails; the nth shows what is on screen at n times this. */
  interval: number
  columns: number
  rows: number
  /** Of one thumbnail. */
  tile: Size
}

/** As many as a person can look through, and no more than two a second. */
const [mostThumbnails, leastInterval] = [400, 0.5]
const longestSide = 320

/** @param duration of the video, seconds. */
export function planSheets({ video }: Probe, duration: number): SheetPlan {
  const interval = Math.max(leastInterval, Math.ceil((duration / mostThumbnails) * 10) / 10)
  return { interval, columns: 10, rows: 10, tile: tileSize(video) }
}

function tileSize(video: Probe['video']): Size {
  const { width, height } = video
  const shown = width * fractionValue(pixelAspect(video))
  const factor = Math.min(1, longestSide / shown, longestSide / height)
  const even = (length: number) => Math.max(2, Math.round((length * factor) / 2) * 2)
  return { width: even(shown), height: even(height) }
}

/** Filters from decoded frames to thumbnails, one per interval. */
export function thumbnailFilters(
  { video }: Probe,
  { interval, tile }: SheetPlan,
  filters: FilterNames,
): string[] {
  return [
    'setpts=PTS-STARTPTS',
    `fps=${(1 / interval).toFixed(9)}:start_time=0:round=up`,
    ...tileFilters(video, tile, filters),
  ]
}

/** Filters from a decoded frame to a thumbnail, as a JPEG wants its colours (BT.601, full range). */
export function tileFilters(video: Probe['video'], tile: Size, filters: FilterNames): string[] {
  const colour = outputColour(video)
  const toneMapped = video.hdr !== null && canToneMap(filters)
  // What says nothing of its matrix is taken as players take it: by its size.
  const matrix = toneMapped
    ? 'bt709'
    : (swscaleMatrices[colour.matrix ?? ''] ?? (video.height >= 720 ? 'bt709' : 'bt601'))
  return [
    ...pictureFilters(video, tile, filters),
    `scale=in_color_matrix=${matrix}:out_color_matrix=bt601:in_range=tv:out_range=pc`,
    'format=yuvj420p',
    'setsar=1',
  ]
}
