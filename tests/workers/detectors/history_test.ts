/**
 * What a frame has to do with those before it: grids, returns and drifts of pictures made by hand.
 */

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { gridReader, likeness } from '../../../workers/detectors/grid.ts'
import { history } from '../../../workers/detectors/history.ts'
import { openKernel } from '../../../workers/detectors/kernel/kernel.ts'
import { placeSmall, type SmallPicture } from '../../../workers/detectors/sampler.ts'

const grids = suite('the grid')

function paint(small: SmallPicture, light: (x: number, y: number) => number) {
  for (let i = 0; i < small.width * small.height; i++) {
    const value = Math.round(Math.min(255, Math.max(0, light(i % small.width, Math.floor(i / small.width)))))
    for (const channel of [small.blue, small.green, small.red]) channel[i] = value
  }
}

for (const [width, height] of [
  [256, 144],
  [256, 256],
  [115, 256],
  [200, 83],
  [9, 5],
  [1, 1],
] as const) {
  grids(`is the mean light of fields of ${width} by ${height} pixels`, () => {
    const small = placeSmall(openKernel(0), width, height)
    let seed = 7
    for (const channel of [small.blue, small.green, small.red]) {
      for (let i = 0; i < channel.length; i++)
        channel[i] = (seed = (seed * 1103515245 + 12345) % 2 ** 31) >> 16
    }
    const { readGrid, readContrast } = gridReader(small)
    const grid = new Uint8Array(64)
    readGrid(grid)
    assert.equal([...grid], meansOf(small))
    const all = [small.blue, small.green, small.red].flatMap((channel) => [...channel])
    const mean = all.reduce((sum, value) => sum + value, 0) / all.length
    const variance = all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length
    assert.ok(Math.abs(readContrast() - variance) < 1e-6)
  })
}

function meansOf({ width, height, blue, green, red }: SmallPicture): number[] {
  const span = (i: number, size: number) => {
    const from = Math.floor((i * size) / 8)
    return { from, to: Math.max(from + 1, Math.floor(((i + 1) * size) / 8)) }
  }
  return Array.from({ length: 64 }, (_, field) => {
    const [rows, columns] = [span(Math.floor(field / 8), height), span(field % 8, width)]
    let [sum, count] = [0, 0]
    for (let y = rows.from; y < rows.to; y++) {
      for (let x = columns.from; x < columns.to; x++) {
        for (const channel of [blue, green, red]) sum += channel[y * width + x] ?? 0
        count += 3
      }
    }
    return Math.round(sum / count)
  })
}

grids('is like another whatever their light, and like nothing where there is no structure', () => {
  const grid = Uint8Array.from({ length: 64 }, (_, i) => (i * 37) % 101)
  assert.ok(
    Math.abs(
      likeness(
        grid,
        grid.map((value) => value + 90),
      ) - 1,
    ) < 1e-12,
  )
  assert.ok(
    Math.abs(
      likeness(
        grid,
        grid.map((value) => 200 - value),
      ) + 1,
    ) < 1e-12,
  )
  assert.is(likeness(grid, new Uint8Array(64).fill(80)), 0)
})

grids.run()

const past = suite('history')

type Light = (x: number, y: number) => number
const stripes: Light = (x) => 128 + 90 * Math.sin(x / 9)
const hills: Light = (x, y) => 120 + 100 * Math.cos(y / 7 + x / 31)
const white: Light = () => 250
const black: Light = () => 0
const mix =
  (a: Light, b: Light, share: number): Light =>
  (x, y) =>
    a(x, y) + share * (b(x, y) - a(x, y))
const times = (count: number, light: Light) => Array.from({ length: count }, () => light)
const along = (count: number, light: (share: number) => Light) =>
  Array.from({ length: count }, (_, i) => light((i + 1) / (count + 1)))

/** What is measured of every frame. */
function measured(pictures: Light[]): Record<string, number[]> {
  const small = placeSmall(openKernel(0), 64, 48)
  const measure = history.start(small)
  const rows = pictures.map((light) => {
    paint(small, light)
    const values = new Float64Array(history.measures.length)
    measure(values)
    return values
  })
  return Object.fromEntries(history.measures.map((name, i) => [name, rows.map((row) => row[i] ?? NaN)]))
}

past('tells where a picture returns to, behind flashes of any length up to ten frames', () => {
  for (const length of [1, 4, 10]) {
    const { returned = [] } = measured([...times(5, stripes), ...times(length, white), ...times(3, stripes)])
    assert.is(returned[5 + length], length + 1)
    assert.equal(returned.slice(0, 5 + length), Array(5 + length).fill(0))
  }
})

past('knows no return to another scene, nor from a change too small to matter', () => {
  const { returned = [] } = measured([...times(5, stripes), white, ...times(5, hills)])
  assert.ok(returned.every((back) => back === 0))
  const slight = measured([...times(5, stripes), mix(stripes, white, 0.03), ...times(5, stripes)])
  assert.ok(slight.returned?.every((back) => back === 0))
})

past('finds a dissolve where it ends, and how long it was', () => {
  for (const length of [8, 26, 53]) {
    const { drift = [], driftSpan = [] } = measured([
      ...times(60, stripes),
      ...along(length, (share) => mix(stripes, hills, share)),
      ...times(20, hills),
    ])
    const strongest = drift.indexOf(Math.max(...drift))
    assert.ok((drift[strongest] ?? 0) > 100, `${length} frames: ${drift[strongest]}`)
    assert.ok(Math.abs(strongest - (60 + length)) <= 4, `${length} frames end at ${strongest}`)
    assert.ok(
      Math.abs((driftSpan[strongest] ?? 0) / (length + 1) - 1) < 0.45,
      `${length}: ${driftSpan[strongest]}`,
    )
  }
})

past('finds fades to black and from it', () => {
  const { drift = [], contrast = [] } = measured([
    ...times(30, stripes),
    ...along(18, (share) => mix(stripes, black, share)),
    ...times(40, black),
    ...along(18, (share) => mix(black, hills, share)),
    ...times(20, hills),
  ])
  assert.ok(Math.max(...drift.slice(40, 56)) > 100)
  assert.ok(Math.max(...drift.slice(98, 114)) > 100)
  assert.is(contrast[60], 0)
})

past('does not take for a dissolve what is none', () => {
  const moving = (speed: number) =>
    Array.from(
      { length: 80 },
      (_, i): Light =>
        (x, y) =>
          hills(x + speed * i, y),
    )
  const films = {
    'a cut': [...times(60, stripes), ...times(60, hills)],
    'a still': times(80, hills),
    'a slow pan': moving(0.4),
    'a fast pan': moving(6),
    'a cut between drifts': [
      ...along(20, (share) => mix(stripes, white, 0.3 * share)),
      ...along(20, (share) => mix(hills, black, 0.3 * (1 - share))),
    ],
    'light that goes down': [
      ...times(30, hills),
      ...along(12, (share) => mix(hills, black, 0.7 * share)),
      ...times(60, mix(hills, black, 0.7)),
    ],
  }
  for (const [name, pictures] of Object.entries(films)) {
    const strongest = Math.max(...(measured(pictures).drift ?? []))
    assert.ok(strongest < 15, `${name}: ${strongest}`)
  }
})

past('depends on no frame farther back than it says', () => {
  const scene = [
    ...along(40, (share) => mix(stripes, hills, share)),
    ...times(40, hills),
    white,
    ...times(9, hills),
  ]
  const [alone, after] = [measured(scene), measured([...times(70, black), ...scene])]
  for (const name of history.measures) {
    assert.equal(alone[name]?.slice(history.memory), after[name]?.slice(70 + history.memory), name)
  }
})

past.run()
