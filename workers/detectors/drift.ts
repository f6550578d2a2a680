/**
 * Finds stretches in which one picture turns into another at an even pace: dissolves and fades.
 */

import { fields, flatContrast, likeness, type Recent } from './grid.ts'

/** Lengths that are tried, in frames from first to last, each about 1.4 times the one before: 2.25 s at 24 a second. */
const spans = [6, 9, 13, 19, 27, 38, 54]

/** How many frames before it a frame's drift depends on. */
export const driftMemory = Math.max(...spans)

/** How straight the fields' way must be: the share of their variance that a line explains. */
const leastLine = 0.65
/** The same of contrast, and a parabola. */
const leastParabola = 0.9
/** How deep that must sag, against the contrast of both ends: 1 for two pictures that have nothing in common. */
const leastSag = 0.5

/** One step must be less than that of the whole way: else there is a cut in it. */
const mostStep = 0.5

export interface Drift {
  /** How much B + G + R changed over the stretch, on average over the fields, as far as the change is new; 0 for none. */
  amount: number
  /** Frames from the first to the last of the stretch. */
  span: number
}

/**
 * Measures, frame by frame, the strongest drift of those that end there.
 *
 * While one picture is mixed into another by a share that grows evenly, two things hold. Each field of the grid goes
 * straight from its old light to its new one (the linear production model, as in Hampapur, Jain and Weymouth's; Yu,
 * Bozdagi and Harrington test it as double chromatic difference). And the variance of all pixels follows a parabola,
 * whose sag is the variance of the difference of the two pictures (Alattar 1993; Truong, Dorai and Venkatesh 2000).
 * Motion disturbs the first and hardly the second; pans and wipes go straight for a while but do not sag. A picture
 * that only gets brighter or darker stays like itself, and what is alike does not count.
 */
export function startDrift(): (recent: Recent) => Drift {
  const windows = spans.map(startWindow)
  return (recent) => {
    let strongest: Drift = { amount: 0, span: 0 }
    for (const { span, slide, line } of windows) {
      slide(recent)
      if (recent.known <= span) continue
      const { change, fit } = line()
      const most = 3 * change * fit
      if (fit < leastLine || most <= strongest.amount) continue
      if (largestStep(recent, span) > mostStep * change || !sags(recent, span)) continue
      const amount = most * (1 - Math.max(0, commonStructure(recent, span)))
      if (amount > strongest.amount) strongest = { amount, span }
    }
    return strongest
  }
}

/** Fits a line to each field over a window of `span` + 1 frames, by least squares. Whole numbers: sums do not drift. */
function startWindow(span: number) {
  const size = span + 1
  const sums = new Int32Array(fields)
  /** Sums of light by place in the window, from 0 to `span`. */
  const byPlace = new Int32Array(fields)
  let squares = 0
  const spread = (size * (size * size - 1)) / 12
  return {
    span,
    /** Takes the latest frame in, and the one out that is too old. */
    slide(recent: Recent) {
      const entering = recent.grid(0)
      const isFull = recent.known > size
      const leaving = isFull ? recent.grid(size) : none
      const place = isFull ? span : recent.known - 1
      for (let i = 0; i < fields; i++) {
        const [light, old] = [entering[i] ?? 0, leaving[i] ?? 0]
        const rest = (sums[i] ?? 0) - old
        sums[i] = rest + light
        byPlace[i] = (byPlace[i] ?? 0) - (isFull ? rest : 0) + place * light
        squares += light * light - old * old
      }
    },
    /** How much the lines rise or fall over the window on average, and what share of the variance they explain. */
    line() {
      let [rises, explained, means] = [0, 0, 0]
      for (let i = 0; i < fields; i++) {
        const sum = sums[i] ?? 0
        const rise = (byPlace[i] ?? 0) - (span / 2) * sum
        rises += Math.abs(rise)
        explained += rise * rise
        means += sum * sum
      }
      const variance = squares - means / size
      return {
        change: (rises / spread / fields) * span,
        fit: variance > 0 ? explained / spread / variance : 0,
      }
    },
  }
}

const none = new Uint8Array(fields)

function largestStep({ step }: Recent, span: number): number {
  let largest = 0
  for (let back = 0; back < span; back++) largest = Math.max(largest, step(back))
  return largest
}

/** True where the contrast of the last `span` + 1 frames follows a parabola that sags as that of a mixture. */
function sags({ contrast }: Recent, span: number): boolean {
  const size = span + 1
  const middle = (size * size - 1) / 12
  let [sum, squares, tilt, bend, bends] = [0, 0, 0, 0, 0]
  for (let back = 0; back < size; back++) {
    const x = span / 2 - back
    const level = x * x - middle
    const value = contrast(back)
    sum += value
    squares += value * value
    tilt += x * value
    bend += level * value
    bends += level * level
  }
  const [slope, curve] = [tilt / (size * middle), bend / bends]
  const explained = slope * tilt + curve * bend
  const variance = squares - (sum * sum) / size
  const centre = sum / size + curve * ((span * span) / 4 - middle)
  const ends = Math.max(0, centre + (slope * span) / 2) + Math.max(0, centre - (slope * span) / 2)
  const sag = (curve * span * span) / Math.max(ends, 2 * flatContrast)
  return explained > leastParabola * variance && sag > leastSag
}

/** How like the first and the last frame are. Black is like nothing. */
function commonStructure({ grid, contrast }: Recent, span: number): number {
  if (contrast(0) < flatContrast || contrast(span) < flatContrast) return 0
  return likeness(grid(0), grid(span))
}
