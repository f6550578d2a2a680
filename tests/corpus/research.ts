/**
 * What may lie in an R&D folder: pictures that are none, that claim to be huge, or that name other files.
 */

import { execFileSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { copied, film, joined, operated, picture, base, truncated, written } from './making.ts'
import type { Maker } from './specimen.ts'

export interface ResearchSpecimen {
  name: string
  make: Maker
  /** Made into outputs, left out with a warning, or not looked at. */
  outcome: 'taken' | 'left out' | 'passed over'
}

const png = () => base('rd.png', [...picture(), '-frames:v', '1'])
const jpeg = () => base('rd.jpg', [...picture('format=yuvj420p'), '-frames:v', '1'])
const bmp = () => base('rd.bmp', [...picture(), '-frames:v', '1'])
const tiff = () => base('rd.tiff', [...picture(), '-frames:v', '1'])

/** A PNG's header that claims another size, with the right checksum. */
const claiming = (side: number) => (bytes: Buffer) => {
  bytes.writeUInt32BE(side, 16)
  bytes.writeUInt32BE(side, 20)
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29)
  return bytes
}

const drawing =
  (body: (tripwire: string, port: number) => string): Maker =>
  (place, { tripwire, port }) =>
    written(
      `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file://${tripwire}">]>` +
        `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="64" height="64">${body(tripwire, port)}</svg>`,
    )(place, { tripwire, port })

export const research: ResearchSpecimen[] = [
  { name: 'good.png', make: joined(png), outcome: 'taken' },
  { name: 'R&D – it\'s "final" 100%\n🎬.jpg', make: joined(jpeg), outcome: 'taken' },
  { name: '-dash.tiff', make: joined(tiff), outcome: 'taken' },
  { name: '%04d.bmp', make: joined(bmp), outcome: 'taken' },
  { name: 'wrong-ending.png', make: joined(jpeg), outcome: 'taken' },
  { name: 'empty.png', make: written(''), outcome: 'left out' },
  { name: 'text.jpg', make: written('Dear diary'), outcome: 'left out' },
  { name: 'cut.png', make: operated(png, truncated(0.5)), outcome: 'left out' },
  { name: 'cut.jpg', make: operated(jpeg, truncated(0.5)), outcome: 'left out' },
  { name: 'bomb.png', make: operated(png, claiming(60_000)), outcome: 'left out' },
  { name: 'bomb-in-the-middle.png', make: operated(png, claiming(16_000)), outcome: 'left out' },
  {
    name: 'bomb.bmp',
    make: operated(bmp, (bytes) => (bytes.writeInt32LE(60_000, 18), bytes.writeInt32LE(60_000, 22), bytes)),
    outcome: 'left out',
  },
  {
    name: 'drawing.png',
    make: drawing((file) => `<image xlink:href="file://${file}" width="9" height="9"/>`),
    outcome: 'left out',
  },
  {
    name: 'drawing.webp',
    make: drawing((_, port) => `<image xlink:href="http://127.0.0.1:${port}/x.png"/><text>&x;</text>`),
    outcome: 'left out',
  },
  { name: 'drawing.svg', make: drawing(() => '<rect width="9" height="9"/>'), outcome: 'passed over' },
  { name: 'moving.png', make: film(...picture(), '-f', 'gif'), outcome: 'taken' },
  {
    name: 'list.mov',
    make: (place, { tripwire }) => written(`#EXTM3U\n${tripwire}\n`)(place, { tripwire, port: 0 }),
    outcome: 'left out',
  },
  {
    name: 'script.mkv',
    make: (place, { tripwire }) => written(`file '${tripwire}'\n`)(place, { tripwire, port: 0 }),
    outcome: 'left out',
  },
  {
    name: 'script.bmp',
    make: (place, { tripwire }) =>
      written(`ffconcat version 1.0\nfile '${tripwire}'\n`)(place, { tripwire, port: 0 }),
    outcome: 'left out',
  },
  { name: 'pipe.png', make: (place) => void execFileSync('mkfifo', [place]), outcome: 'passed over' },
  { name: 'pipe.mov', make: (place) => void execFileSync('mkfifo', [place]), outcome: 'passed over' },
  { name: 'link.png', make: (place, { tripwire }) => symlinkSync(tripwire, place), outcome: 'passed over' },
  { name: 'link-to-root', make: (place) => symlinkSync('/', place), outcome: 'passed over' },
  { name: 'zeros.png', make: (place) => symlinkSync('/dev/zero', place), outcome: 'passed over' },
  { name: '.hidden.png', make: joined(png), outcome: 'passed over' },
  { name: 'film.mp4', make: copied, outcome: 'taken' },
]
