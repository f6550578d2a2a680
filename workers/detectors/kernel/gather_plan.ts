/**
 * Plans how the kernel collects bytes from a row: few wide reads in place of many narrow ones.
 */

import type { Kernel } from './kernel.ts'

/** Where the steps lie in the kernel's memory, and how many each sixteen bytes take. */
export interface GatherPlan {
  steps: number
  count: number
}

/**
 * Plans to read the bytes at `offsets` of a row, in this order. Their number is a multiple of 16.
 * A step is 32 bytes: where a window of 16 bytes begins, 12 bytes unused, then for each of the sixteen results
 * which byte of the window it is, or 128 for none.
 */
export function planGather(kernel: Kernel, offsets: Int32Array): GatherPlan {
  const groups = Array.from({ length: offsets.length / 16 }, (_, i) =>
    windowsOf(offsets.subarray(16 * i, 16 * i + 16)),
  )
  const count = Math.max(...groups.map((windows) => windows.length))
  const steps = new Uint8Array(32 * count * groups.length)
  const words = new Uint32Array(steps.buffer)
  groups.forEach((windows, group) => {
    for (let i = 0; i < count; i++) {
      const at = 32 * (group * count + i)
      const { start, choice } = windows[i] ?? { start: windows[0]?.start ?? 0, choice: none }
      words[at / 4] = start
      steps.set(choice, at + 16)
    }
  })
  return { steps: kernel.place(steps), count }
}

const none = new Uint8Array(16).fill(128)

/** Each window begins at the first byte that no window before it holds. */
function windowsOf(offsets: Int32Array): { start: number; choice: Uint8Array }[] {
  const windows: { start: number; choice: Uint8Array }[] = []
  let left = [...offsets.keys()]
  while (left.length > 0) {
    const start = Math.min(...left.map((i) => offsets[i] ?? 0))
    const choice = none.slice()
    for (const i of left) if ((offsets[i] ?? 0) - start < 16) choice[i] = (offsets[i] ?? 0) - start
    left = left.filter((i) => choice[i] === 128)
    windows.push({ start, choice })
  }
  return windows
}
