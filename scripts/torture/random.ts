/**
 * Chance that can be repeated: the same seed and number give the same choices.
 */

export interface Random {
  /** From 0 to below 1. */
  next(): number
  /** A whole number from `least` to `most`, both possible. */
  whole(least: number, most: number): number
  /** @throws RangeError where there is nothing to pick. */
  pick<T>(list: readonly T[]): T
}

export function createRandom(seed: number, number: number): Random {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b)) >>> 0
  /** mulberry32. */
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    next,
    whole: (least, most) => least + Math.floor(next() * (most - least + 1)),
    pick(list) {
      const [picked] = list.slice(Math.floor(next() * list.length))
      if (picked === undefined) throw new RangeError('There is nothing to pick from.')
      return picked
    },
  }
}
