/**
 * Films under every kind of name, and things in a folder that are no files.
 */

import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { copied, plain } from './making.ts'
import { accepted, refused, type Specimen } from './specimen.ts'

const longest = `${'ä'.repeat(125)}.mov` // 254 bytes

/** The first ones are looked at in every test. */
const names = [
  "it's.mov",
  'the "final" cut.mov',
  '100%.mov',
  'frame_%04d.mov',
  'a&b.mov',
  'no #1.mov',
  'two\nlines.mov',
  'tab\there.mov',
  '🎬🏳️‍🌈.mov',
  'סרט – فيلم.mov',
  '\u202Evom.exe.mov',
  longest,
  '-i.mov',
  '--help.mov',
  'caf\u00e9.mov',
  'cafe\u0301.mov',
  'R&D.mov',
  'CON.mov',
  'trailing. .mov',
  ' leading.mov',
  '$(touch owned);`id`.mov',
  '[a],b;c=d.mov',
  'pipe:1',
  'http:x.mov',
  'concat:a|b.mov',
  'a?b*c.mov',
]

export const odd: Specimen[] = names.map((name, index) => ({
  name,
  make: copied,
  outcome: accepted({ frames: 25 }),
  ...(index >= 20 && { thorough: true as const }),
}))

const gone = refused(/^There is no such master\. \(.*\)$/)
const leadsOut = refused(/^That is a link which leads out of the media folder, or nowhere\./)

const linked = (target: string) => (place: string) => symlinkSync(target, place)

export const places: Specimen[] = [
  {
    name: 'inside-link.mov',
    make: async (place, world) => {
      mkdirSync(path.join(path.dirname(place), 'folder'), { recursive: true })
      await copied(path.join(path.dirname(place), 'folder/film.mov'), world)
      symlinkSync('folder/film.mov', place)
    },
    outcome: accepted({ frames: 25 }),
  },
  { name: 'link-out.mov', make: (place, { tripwire }) => symlinkSync(tripwire, place), outcome: leadsOut },
  {
    name: 'link-to-film-outside.mov',
    make: async (place) => symlinkSync(await plain(), place),
    outcome: leadsOut,
  },
  { name: 'link-to-passwd.mov', make: linked('/etc/passwd'), outcome: leadsOut },
  {
    name: 'link-up.mov',
    make: (place, { tripwire }) => symlinkSync(path.relative(path.dirname(place), tripwire), place),
    outcome: leadsOut,
  },
  { name: 'link-to-zeros.mov', make: linked('/dev/zero'), outcome: leadsOut },
  {
    name: 'link-to-terminal.mov',
    make: linked('/dev/stdin'),
    outcome: leadsOut,
  },
  { name: 'link-to-nowhere.mov', make: linked('nowhere.mov'), outcome: leadsOut },
  { name: 'link-to-itself.mov', make: linked('link-to-itself.mov'), outcome: leadsOut },
  {
    name: 'pipe.mov',
    make: (place) => void execFileSync('mkfifo', [place]),
    outcome: refused(/is not an ordinary file/),
  },
  { name: 'folder.mov', make: (place) => void mkdirSync(place), outcome: refused(/is a folder/) },
  {
    name: 'socket.mov',
    make: (place) =>
      new Promise((resolve) => {
        createServer()
          .listen(place, () => resolve())
          .unref()
      }),
    outcome: refused(/is not an ordinary file/),
  },
  { name: '.hidden.mov', make: copied, outcome: gone },
  { name: 'back\\slash.mov', make: copied, outcome: gone },
  {
    name: 'not-utf8-\uFFFD.mov',
    make: (place) => {
      writeFileSync(Buffer.from(place.replace('\uFFFD', '\u00FF'), 'latin1'), 'x')
    },
    outcome: gone,
  },
  {
    name: 'nobody-may-read.mov',
    make: (place) => writeFileSync(place, 'x', { mode: 0o000 }),
    outcome: refused(/cannot be read|not a video/),
  },
]
