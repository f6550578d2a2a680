/**
 * How much room an archive of a master takes, before anything of it is made.
 */

import type { Probe } from '../../workers/media/probe.ts'
import { fractionValue } from '../../workers/media/timecode.ts'

/**
 * Upper ends, since too much said is better than a full disk: for films of 16 and 60 s (720p and 360p) the sum came to
 * 3.0 and 1.3 times what their archives took.
 */
const [bytesPerPixelOfVideo, bytesPerPixelOfPng, bytesPerPixelOfJpeg] = [0.02, 1.8, 0.5]
const audioBytesPerSecond = 40_000
const [secondsPerScene, secondsPerThumbnail, bytesPerThumbnail] = [4, 0.5, 12_000]
const mostThumbnails = 400

/**
 * Bytes, roughly: the copy of the master, the web master, clips of all of it, one still of each scene in both
 * forms, thumbnails.
 */
export function bytesNeeded({ bytes, duration, video, audio }: Probe): number {
  const pixels = video.width * video.height
  const frames = duration * fractionValue(video.frameRate)
  const encoded =
    frames * pixels * bytesPerPixelOfVideo + (audio.length > 0 ? duration * audioBytesPerSecond : 0)
  const png = pixels * bytesPerPixelOfPng * (video.depth > 8 ? 2.5 : 1) * (video.alpha ? 4 / 3 : 1)
  const stills = Math.ceil(duration / secondsPerScene) * (png + pixels * bytesPerPixelOfJpeg)
  const thumbnails = Math.min(mostThumbnails, duration / secondsPerThumbnail) * bytesPerThumbnail
  return Math.ceil(bytes + 2 * encoded + stills + thumbnails)
}
