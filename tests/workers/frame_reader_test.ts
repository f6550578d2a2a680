/**
 * Frames that reach the detectors by a short way are those that the long way gives.
 */

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { bgrSampler, type SmallPicture, yuvSampler } from '../../workers/detectors/sampler.ts'
import { planSmallImage } from '../../workers/detectors/small_image.ts'
import { readFrames } from '../../workers/frame_reader.ts'
import type { Tools } from '../../workers/operation.ts'
import { probeFile } from '../../workers/probe_file.ts'
import { findTools } from '../../workers/tools.ts'
import { folder, make, tools, witness } from '../media.ts'

const picking = suite('picking pixels inside ffmpeg')

const bytesOf = ({ blue, green, red }: SmallPicture) => Buffer.concat([blue, green, red])

async function smallImages(file: string, binaries: Tools): Promise<Buffer[]> {
  const said = witness()
  const { video } = await probeFile(file, binaries, said)
  const found: Buffer[] = []
  let picture: SmallPicture | undefined
  await readFrames(file, video, binaries, said, {
    onStart: (small) => void (picture = small),
    onFrame: () => void (picture && found.push(bytesOf(picture))),
    onPts: () => undefined,
  })
  return found
}

function fromWholeFrames(raw: string, width: number, height: number, format: string): Buffer[] {
  const chromaShift = { x: 1, y: format.includes('420') ? 1 : 0 }
  const layout = { width, height, rotation: 0, chromaShift, fullRange: format.startsWith('yuvj') }
  const sampler = yuvSampler(layout, planSmallImage(width, height))
  const bytes = readFileSync(raw)
  return Array.from({ length: bytes.length / sampler.frame.length }, (_, i) => {
    sampler.frame.set(bytes.subarray(i * sampler.frame.length, (i + 1) * sampler.frame.length))
    sampler.sample()
    return bytesOf(sampler.small)
  })
}

const noise = (size: string) => [
  ...['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=25:duration=0.12,noise=alls=80:allf=t`],
]

for (const [width, height] of [
  [768, 54],
  [1280, 90],
  [90, 1280],
  [3840, 210],
] as const) {
  for (const format of ['yuv420p', 'yuvj420p', 'yuv422p', 'yuvj422p']) {
    picking(`takes the same from ${format} at ${width}x${height}`, async () => {
      const codec = format.startsWith('yuvj') ? ['-c:v', 'mjpeg', '-q:v', '3'] : ['-c:v', 'ffv1']
      const made = [...noise(`${width}x${height}`), ...codec, '-pix_fmt', format]
      const file = make(`${width}x${height}_${format}.mkv`, made)
      const raw = make(`${width}x${height}_${format}.yuv`, ['-i', file, '-f', 'rawvideo', '-pix_fmt', format])
      const expected = fromWholeFrames(raw, width, height, format)
      assert.is(expected.length, 3)
      for (const binaries of [await tools(), await findTools(undefined, 2, process.env.PATH)]) {
        const found = await smallImages(file, binaries)
        assert.equal(
          found.map((image, i) => image.equals(expected[i] ?? image.subarray(1))),
          [true, true, true],
          binaries.version,
        )
      }
    })
  }
}

picking.run()

const thinning = suite('picking columns before they are converted')

/** The small images of frames that are converted whole, as OpenCV has them converted. */
function fromConverted(raw: string, width: number, height: number): Buffer[] {
  const sampler = bgrSampler({ width, height, rotation: 0 }, planSmallImage(width, height))
  const bytes = readFileSync(raw)
  return Array.from({ length: bytes.length / sampler.frame.length }, (_, i) => {
    sampler.frame.set(bytes.subarray(i * sampler.frame.length, (i + 1) * sampler.frame.length))
    sampler.sample()
    return bytesOf(sampler.small)
  })
}

for (const [width, height] of [
  [768, 54],
  [90, 1280],
  [3840, 206],
] as const) {
  for (const format of ['yuv420p10le', 'yuv422p10le', 'yuv420p12le', 'yuv422p12le']) {
    thinning(`gives the same from ${format} at ${width}x${height}`, async () => {
      const size = `${width}x${height}`
      // Noise in the format's own depth: its lowest bits count, too.
      const source = ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=25:duration=0.12,format=${format}`]
      const noisy = ['-vf', 'noise=alls=90:allf=t', '-c:v', 'ffv1', '-pix_fmt', format]
      const file = make(`${size}_${format}.mkv`, [...source, ...noisy])
      const conversion = 'scale=flags=bicubic:in_color_matrix=bt601:in_range=tv,format=bgr24'
      for (const binaries of [await tools(), await findTools(undefined, 2, process.env.PATH)]) {
        const raw = path.join(folder(), 'converted.bgr')
        const args = [
          '-v',
          'error',
          '-i',
          file,
          '-vf',
          conversion,
          '-f',
          'rawvideo',
          '-pix_fmt',
          'bgr24',
          raw,
        ]
        execFileSync(binaries.ffmpeg, args)
        const expected = fromConverted(raw, width, height)
        const found = await smallImages(file, binaries)
        assert.equal(
          found.map((image, i) => image.equals(expected[i] ?? image.subarray(1))),
          [true, true, true],
          binaries.version,
        )
      }
    })
  }
}

thinning.run()
