/**
 * Plans edits whose transitions are known because they are made: cuts, dissolves, fades, flashes and whip pans.
 */

/** A picture of an edit, as it is made from frames of its footage. */
export type Picture =
  | { kind: 'frame'; frame: number }
  /** Luma of 0 to 255, no colour. */
  | { kind: 'flat'; luma: number }
  /** `weight` (0 to 1) of `over` in the left part of the picture that is `share` (0 to 1) wide; else `under`. */
  | { kind: 'mix'; under: Picture; over: Picture; weight: number; share: number }
  /** Moved to the left and smeared to the right by so many widths of the picture, mirrored at its edges. */
  | { kind: 'pan'; of: Picture; shift: number; smear: number }

/** Pictures from `from` up to but not including `to`. */
export interface Span {
  kind: string
  from: number
  to: number
}

export interface Edit {
  pictures: Picture[]
  /** What a detector should find, once each, in order. Of a cut `from` and `to` are the new scene's first picture. */
  transitions: Span[]
  /** What happens inside scenes and looks like a cut to some. */
  baits: Span[]
}

/** Frames of the footage without a transition between them: `from` up to but not including `to`. */
export interface Shot {
  from: number
  to: number
}

/** Names of transitions and of baits, each with how many of them an edit shall have. */
export type Wanted = Record<string, number>

/**
 * Plans an edit at 24 frames a second, the same for the same seed.
 * @param wanted names of `joins` and `baits`.
 */
export function planEdit(shots: readonly Shot[], wanted: Wanted, seed: number): Edit {
  const random = startRandom(seed)
  const pick = (table: Record<string, unknown>) =>
    shuffled(
      Object.keys(table).flatMap((name) => Array.from({ length: wanted[name] ?? 0 }, () => name)),
      random,
    )
  const [joinNames, baitNames] = [pick(joins), pick(baits)]
  const places = shuffled([...joinNames.keys()], random).slice(0, baitNames.length)
  const baitAt = new Map(places.map((place, i) => [place, baitNames[i] ?? '']))
  const edit: Edit = { pictures: [], transitions: [], baits: [] }
  let shot = shots[0]
  for (const [place, name] of ['', ...joinNames].entries()) {
    const [join, next] = [joins[name], joins[joinNames[place] ?? '']]
    const bait = baitAt.get(place) ?? ''
    const body = bait ? 54 : 24 + Math.floor(36 * random())
    const head = join?.length ?? 0
    const tail = next?.length ?? 0
    const others = shots.filter((other) => other !== shot)
    shot = others[Math.floor(random() * others.length)]
    if (!shot) throw new Error('An edit needs two shots at least.')
    const pictures = play(shot, head + body + tail, random)
    const start = edit.pictures.length - (join?.overlaps ? head : 0)
    const found = baits[bait]?.(pictures, head + 18, random)
    if (found) edit.baits.push({ kind: bait, from: start + found.from, to: start + found.to })
    if (join) edit.transitions.push({ kind: name, ...join.apply(edit.pictures, pictures) })
    else edit.pictures.push(...pictures)
  }
  return edit
}

interface Join {
  /** Pictures of either scene that take part. */
  length: number
  /** True where those of both become one. */
  overlaps: boolean
  /** Appends `next` to `pictures`, and tells where the transition lies. */
  apply(pictures: Picture[], next: Picture[]): Omit<Span, 'kind'>
}

const cut: Join = {
  length: 0,
  overlaps: false,
  apply(pictures, next) {
    const from = pictures.length
    pictures.push(...next)
    return { from, to: from }
  },
}

/** The new scene's first picture is as white as a flash can be. */
const flashOnCut: Join = {
  ...cut,
  apply: (pictures, [first = white, ...rest]) => cut.apply(pictures, [mix(first, white, 0.9), ...rest]),
}

const dissolve = (length: number): Join => ({
  length,
  overlaps: true,
  apply(pictures, next) {
    const from = pictures.length - length
    const old = pictures.splice(from)
    pictures.push(...next.map((picture, i) => (i < length ? mix(old[i], picture, step(i, length)) : picture)))
    return { from, to: from + length }
  },
})

/** So many pictures down, `hold` of nothing else, as many up. */
const fade = (length: number, flat: Picture, hold: number): Join => ({
  length,
  overlaps: false,
  apply(pictures, next) {
    const from = pictures.length - length
    const old = pictures.splice(from)
    pictures.push(...old.map((picture, i) => mix(picture, flat, step(i, length))))
    for (let i = 0; i < hold; i++) pictures.push(flat)
    pictures.push(...next.map((picture, i) => (i < length ? mix(flat, picture, step(i, length)) : picture)))
    return { from, to: from + 2 * length + hold }
  },
})

/** One scene whips out, the next one in: the change hides in the blur. */
const whipCut: Join = {
  length: 5,
  overlaps: false,
  apply(pictures, next) {
    const from = pictures.length - 5
    const old = pictures.splice(from)
    pictures.push(...old.map((picture, i) => pan(picture, 0.06 * (i + 1) ** 2, 0.12 * (i + 1))))
    pictures.push(
      ...next.map((picture, i) => (i < 5 ? pan(picture, -0.06 * (5 - i) ** 2, 0.12 * (5 - i)) : picture)),
    )
    return { from, to: from + 10 }
  },
}

const black: Picture = { kind: 'flat', luma: 16 }
const white: Picture = { kind: 'flat', luma: 235 }

/** Transitions between scenes. */
const joins: Record<string, Join | undefined> = {
  cut,
  'flash on a cut': flashOnCut,
  'dissolve 0.25 s': dissolve(6),
  'dissolve 0.5 s': dissolve(12),
  'dissolve 1 s': dissolve(24),
  'dissolve 1.5 s': dissolve(36),
  'dissolve 2 s': dissolve(48),
  'dip to black': fade(12, black, 0),
  'fade through black': fade(20, black, 16),
  'fade through white': fade(10, white, 4),
  'whip pan to a scene': whipCut,
}

/** Changes `pictures` from `from` on, within the next 24 or for good, and tells where. */
type Bait = (pictures: Picture[], from: number, random: () => number) => Omit<Span, 'kind'>

/** One to four pictures, the last ones less bright. */
const flash =
  (share: number): Bait =>
  (pictures, from, random) => {
    const length = 1 + Math.floor(4 * random())
    const strength = 0.6 + 0.4 * random()
    return change(pictures, from, length, (picture, i) => mix(picture, white, strength * 0.8 ** i, share))
  }

/** Lit and dark by turns, at 5 to 12 Hz. */
const strobe: Bait = (pictures, from, random) => {
  const rate = 5 + 7 * random()
  const isLit = (i: number) => (i * rate) / 24 - Math.floor((i * rate) / 24) < 0.5
  return change(pictures, from, 24, (picture, i) => (isLit(i) ? mix(picture, white, 0.8) : picture))
}

/** Within half a second, in a blur, the camera looks elsewhere and stays there. */
const whip: Bait = (pictures, from, random) => {
  const far = 0.7 + random()
  const ease = (i: number) => (i < 10 ? (1 - Math.cos((Math.PI * (i + 1)) / 11)) / 2 : 1)
  const { length } = pictures.slice(from)
  change(pictures, from, length, (picture, i) => pan(picture, far * ease(i), far * (ease(i) - ease(i - 1))))
  return { from, to: from + 11 }
}

/** Within half a second the light goes down by more than half, and stays. */
const dim: Bait = (pictures, from) => {
  const { length } = pictures.slice(from)
  change(pictures, from, length, (picture, i) => mix(picture, black, 0.6 * Math.min(1, (i + 1) / 12)))
  return { from, to: from + 12 }
}

/** What happens inside scenes. */
const baits: Record<string, Bait | undefined> = {
  flash: flash(1),
  'flash in a part': flash(0.4),
  strobe,
  'whip pan': whip,
  'light goes down': dim,
}

function change(pictures: Picture[], from: number, length: number, to: (old: Picture, i: number) => Picture) {
  const changed = pictures.slice(from, from + length).map(to)
  pictures.splice(from, changed.length, ...changed)
  return { from, to: from + changed.length }
}

const mix = (under: Picture = black, over: Picture, weight: number, share = 1): Picture => ({
  kind: 'mix',
  under,
  over,
  weight,
  share,
})

const pan = (of: Picture, shift: number, smear: number): Picture => ({ kind: 'pan', of, shift, smear })

/** How far the i-th of `length` pictures has come; before the first it is 0, after the last 1. */
const step = (i: number, length: number) => (i + 1) / (length + 1)

/** Plays a shot from anywhere in it; at its ends it turns round, so that it lasts as long as one likes. */
function play({ from, to }: Shot, length: number, random: () => number): Picture[] {
  const turn = 2 * (to - from - 1)
  const start = Math.floor(turn * random())
  return Array.from({ length }, (_, i) => {
    const along = (start + i) % turn
    return { kind: 'frame', frame: from + Math.min(along, turn - along) }
  })
}

/** Numbers from 0 up to but not including 1: a linear congruential generator modulo 2^32 (Numerical Recipes). */
function startRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** Fisher and Yates. */
function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  const order = [...items]
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    const [a, b] = [order[last], order[other]]
    if (a === undefined || b === undefined) continue
    ;[order[last], order[other]] = [b, a]
  }
  return order
}
