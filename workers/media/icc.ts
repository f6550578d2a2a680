/**
 * ICC profiles that say what the colours of a still mean: the video's primaries, and a curve.
 * Source: ICC.1:2022 (profile version 4.4); primaries and transfers from ITU-T H.273.
 */

import type { Colour } from './png.ts'

type Pair = readonly [x: number, y: number]
type Matrix = readonly [number, number, number, number, number, number, number, number, number]

interface Primaries {
  code: number
  name: string
  white: Pair
  rgb: readonly [Pair, Pair, Pair]
}

const d65: Pair = [0.3127, 0.329]
const c: Pair = [0.31, 0.316]
const smpteC = [
  [0.63, 0.34],
  [0.31, 0.595],
  [0.155, 0.07],
] as const
const p3 = [
  [0.68, 0.32],
  [0.265, 0.69],
  [0.15, 0.06],
] as const

/** By the names that ffprobe gives them. Source: ITU-T H.273, table 2. */
const primariesByName: Record<string, Primaries> = {
  bt709: {
    code: 1,
    name: 'BT.709',
    white: d65,
    rgb: [
      [0.64, 0.33],
      [0.3, 0.6],
      [0.15, 0.06],
    ],
  },
  bt470m: {
    code: 4,
    name: 'BT.470 M',
    white: c,
    rgb: [
      [0.67, 0.33],
      [0.21, 0.71],
      [0.14, 0.08],
    ],
  },
  bt470bg: {
    code: 5,
    name: 'BT.601 625',
    white: d65,
    rgb: [
      [0.64, 0.33],
      [0.29, 0.6],
      [0.15, 0.06],
    ],
  },
  smpte170m: { code: 6, name: 'BT.601 525', white: d65, rgb: smpteC },
  smpte240m: { code: 7, name: 'SMPTE 240M', white: d65, rgb: smpteC },
  film: {
    code: 8,
    name: 'Film',
    white: c,
    rgb: [
      [0.681, 0.319],
      [0.243, 0.692],
      [0.145, 0.049],
    ],
  },
  bt2020: {
    code: 9,
    name: 'BT.2020',
    white: d65,
    rgb: [
      [0.708, 0.292],
      [0.17, 0.797],
      [0.131, 0.046],
    ],
  },
  smpte431: { code: 11, name: 'DCI-P3', white: [0.314, 0.351], rgb: p3 },
  smpte432: { code: 12, name: 'Display P3', white: d65, rgb: p3 },
  ebu3213: {
    code: 22,
    name: 'EBU 3213',
    white: d65,
    rgb: [
      [0.63, 0.34],
      [0.295, 0.605],
      [0.155, 0.077],
    ],
  },
}

/** Everything that is not here looks as its maker meant it with sRGB's curve, which is what browsers play it with. */
const gammas: Record<string, number> = {
  bt470m: 2.2,
  gamma22: 2.2,
  bt470bg: 2.8,
  gamma28: 2.8,
  linear: 1,
  smpte428: 2.6,
}

/**
 * The colour of stills from a video with these tags (ffprobe's names; null = untagged = BT.709).
 * The transfer of ordinary video is described as sRGB's, so that web copies keep their values.
 */
export function colourOf(primaries: string | null, transfer: string | null): Colour {
  const known = primariesByName[primaries ?? 'bt709'] ?? primariesByName.bt709
  if (!known) throw new Error('unreachable: BT.709 is in the table')
  const hdr = transfer === 'smpte2084' ? 16 : transfer === 'arib-std-b67' ? 18 : undefined
  const gamma = gammas[transfer ?? '']
  const curveName = hdr ? (hdr === 16 ? 'PQ' : 'HLG') : gamma ? `gamma ${gamma}` : 'sRGB'
  const name = known.code === 1 && curveName === 'sRGB' ? 'sRGB' : `${known.name} ${curveName}`
  const cicp = hdr && { primaries: known.code, transfer: hdr }
  return { name, cicp: cicp || undefined, profile: profile(name, known, curve(transfer, gamma), cicp) }
}

function curve(transfer: string | null, gamma: number | undefined): Uint8Array {
  if (transfer === 'smpte2084') return table(pqToLinear)
  if (transfer === 'arib-std-b67') return table(hlgToLinear)
  if (gamma) return bytes('para', 0, u16(0), u16(0), fixed(gamma))
  return bytes('para', 0, u16(3), u16(0), fixed(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045))
}

const table = (toLinear: (signal: number) => number) => {
  const size = 4096
  const values = Array.from({ length: size }, (_, i) => Math.round(toLinear(i / (size - 1)) * 65535))
  return bytes('curv', 0, size, ...values.map(u16))
}

/** 1 = 10 000 cd/m². Source: SMPTE ST 2084. */
export function pqToLinear(signal: number): number {
  const power = signal ** (32 / 2523)
  return (Math.max(0, power - 0.8359375) / (18.8515625 - 18.6875 * power)) ** (16384 / 2610)
}

/** Scene light, 1 = peak. Source: ITU-R BT.2100, table 5. */
export function hlgToLinear(signal: number): number {
  const [a, b, e] = [0.17883277, 0.28466892, 0.55991073]
  return signal <= 0.5 ? (signal * signal) / 3 : (Math.exp((signal - e) / a) + b) / 12
}

function profile(name: string, primaries: Primaries, curveTag: Uint8Array, cicp: Colour['cicp'] | 0) {
  const adaptation = bradford(primaries.white)
  const columns = multiply(adaptation, toXyz(primaries))
  const colorant = (i: number) => xyz([columns[i], columns[i + 3], columns[i + 6]] as number[])
  const tags: [string, Uint8Array][] = [
    ['desc', text(name)],
    ['cprt', text('No copyright, use freely')],
    ['wtpt', xyz(d50)],
    ['chad', bytes('sf32', 0, fixed(...adaptation))],
    ['rXYZ', colorant(0)],
    ['gXYZ', colorant(1)],
    ['bXYZ', colorant(2)],
    ['rTRC', curveTag],
    ['gTRC', curveTag],
    ['bTRC', curveTag],
  ]
  if (cicp) tags.push(['cicp', bytes('cicp', 0, Uint8Array.of(cicp.primaries, cicp.transfer, 0, 1))])
  return assembled(tags)
}

/** Header, tag table, tags on four-byte boundaries; tags that are the same bytes are there once. */
function assembled(tags: [string, Uint8Array][]): Uint8Array {
  const distinct = [...new Set(tags.map(([, data]) => data))]
  const start = 128 + 4 + tags.length * 12
  const offsets = new Map<Uint8Array, number>()
  let end = start
  for (const data of distinct) {
    offsets.set(data, end)
    end += Math.ceil(data.length / 4) * 4
  }
  const entries = tags.flatMap(([tag, data]) => [tag, offsets.get(data) ?? 0, data.length])
  const padded = distinct.map((data) => bytes(data, new Uint8Array((4 - (data.length % 4)) % 4)))
  return bytes(header(end), tags.length, ...entries, ...padded)
}

/** Display profile, RGB to XYZ, of a fixed date so that the same video gives the same bytes. */
const header = (size: number) =>
  bytes(
    ...[size, 0, 0x04400000, 'mntr', 'RGB ', 'XYZ '],
    ...[2026, 1, 1, 0, 0, 0].map(u16),
    ...['acsp', 0, 0, 0, 0, 0, 0, 0, fixed(...d50), 0],
    new Uint8Array(44),
  )

const d50 = [0.9642, 1, 0.8249] as const

const text = (value: string) =>
  bytes('mluc', 0, 1, 12, 'enUS', value.length * 2, 28, ...Array.from(value, (l) => u16(l.charCodeAt(0))))

const xyz = (values: readonly number[]) => bytes('XYZ ', 0, fixed(...values))

/** RGB to XYZ: the primaries' columns, each as strong as makes their sum the white. */
function toXyz({ rgb, white }: Primaries): Matrix {
  const [r, g, b] = rgb.map(xyzOf) as [number[], number[], number[]]
  const columns = [0, 1, 2].flatMap((row) => [r[row], g[row], b[row]]) as unknown as Matrix
  const strength = apply(inverse(columns), xyzOf(white))
  return columns.map((value, i) => value * (strength[i % 3] ?? 0)) as unknown as Matrix
}

const xyzOf = ([x, y]: Pair) => [x / y, 1, (1 - x - y) / y]

/** From this white to D50. Source: ICC.1:2022 annex E, the linear Bradford transform. */
function bradford(white: Pair): Matrix {
  const cone: Matrix = [0.8951, 0.2664, -0.1614, -0.7502, 1.7135, 0.0367, 0.0389, -0.0685, 1.0296]
  const [from, to] = [apply(cone, xyzOf(white)), apply(cone, [...d50])]
  const [r, g, b] = to.map((value, i) => value / (from[i] ?? 1)) as [number, number, number]
  return multiply(inverse(cone), multiply([r, 0, 0, 0, g, 0, 0, 0, b], cone))
}

const apply = (m: Matrix, v: readonly number[]) =>
  [0, 3, 6].map((row) => [0, 1, 2].reduce((sum, i) => sum + (m[row + i] ?? 0) * (v[i] ?? 0), 0))

function multiply(a: Matrix, b: Matrix): Matrix {
  const columns = [0, 1, 2].map((i) => apply(a, [b[i] ?? 0, b[i + 3] ?? 0, b[i + 6] ?? 0]))
  return [0, 1, 2].flatMap((row) => columns.map((column) => column[row])) as unknown as Matrix
}

function inverse([a, b, c1, d, e, f, g, h, i]: Matrix): Matrix {
  const [A, B, C] = [e * i - f * h, f * g - d * i, d * h - e * g]
  const determinant = a * A + b * B + c1 * C
  const adjugate = [A, c1 * h - b * i, b * f - c1 * e, B, a * i - c1 * g, c1 * d - a * f, C, b * g - a * h]
  return [...adjugate, a * e - b * d].map((value) => value / determinant) as unknown as Matrix
}

/** s15Fixed16 numbers. */
const fixed = (...values: readonly number[]) => bytes(...values.map((value) => Math.round(value * 65536)))

const u16 = (value: number) => Uint8Array.of((value >> 8) & 0xff, value & 0xff)

/** Numbers as four bytes, big-endian; texts as ASCII; bytes as they are. */
function bytes(...parts: (number | string | Uint8Array)[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...asBytes(part)]))
}

function asBytes(part: number | string | Uint8Array): Uint8Array {
  if (part instanceof Uint8Array) return part
  if (typeof part === 'string') return Uint8Array.from(part, (letter) => letter.charCodeAt(0))
  return Uint8Array.of((part >> 24) & 0xff, (part >> 16) & 0xff, (part >> 8) & 0xff, part & 0xff)
}
