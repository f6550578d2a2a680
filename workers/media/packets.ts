/**
 * What ffmpeg's `framecrc` output tells: which packets or frames there are, and when.
 */

export interface Packet {
  /** Of the output, from 0. */
  stream: number
  /** PTS in seconds, on the file's own clock where it was opened with `-copyts`; DTS where it has no PTS. */
  time: number
  /** DTS in seconds. */
  decoded: number
  /** Whether it has a PTS: raw streams have none, AVI and MPEG programs leave out some. */
  timed: boolean
  /** Seconds; 0 where ffmpeg does not know. */
  duration: number
}

/** Reads `-f framecrc`: `#tb 0: 1/12800` for each stream, then `stream, dts, pts, duration, size, checksum`. */
export function readPackets(framecrc: string): Packet[] {
  const tick = new Map<string, number>()
  for (const [, stream = '', num, den] of framecrc.matchAll(/^#tb (\d+): (\d+)\/(\d+)/gm)) {
    tick.set(stream, Number(num) / Number(den))
  }
  return Array.from(
    framecrc.matchAll(/^(\d+), *(-?\d+), *(-?\d+), *(\d+),/gm),
    ([, stream = '', dts = '', pts, duration]) => {
      const seconds = tick.get(stream) ?? 0
      const timed = pts !== noTime
      return {
        stream: Number(stream),
        time: Number(timed ? pts : dts) * seconds,
        decoded: Number(dts) * seconds,
        timed,
        duration: Number(duration) * seconds,
      }
    },
  )
}

/** How ffmpeg writes that there is no timestamp: the least number of 64 bits. */
const noTime = '-9223372036854775808'

/**
 * True where the frames of stream 0 are plainly not evenly spaced at `rate` per second. `rounding`: one tick of the
 * stored PTS, seconds. The two ends are left out: a seek may have torn frames from there.
 */
export function isUneven(packets: readonly Packet[], rate: number, rounding: number): boolean {
  const own = packets.filter(({ stream }) => stream === 0)
  const allTimed = own.every(({ timed }) => timed)
  const times = own.map(({ time, decoded }) => (allTimed ? time : decoded)).sort((a, b) => a - b)
  const gaps = times.slice(1).map((time, n) => time - (times[n] ?? 0))
  const tolerance = 0.25 / rate + rounding
  return gaps.slice(4, -4).some((gap) => Math.abs(gap - 1 / rate) > tolerance)
}
