/**
 * What ffmpeg's `framecrc` output tells: which packets or frames there are, and when.
 */

export interface Packet {
  /** Of the output, from 0. */
  stream: number
  /** Seconds, on the file's own clock where it was opened with `-copyts`. */
  time: number
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
    framecrc.matchAll(/^(\d+), *-?\d+, *(-?\d+), *(\d+),/gm),
    ([, stream = '', pts, duration]) => ({
      stream: Number(stream),
      time: Number(pts) * (tick.get(stream) ?? 0),
      duration: Number(duration) * (tick.get(stream) ?? 0),
    }),
  )
}

/**
 * True where the frames of stream 0 are plainly not evenly spaced at `rate` per second. `rounding`: one tick of the
 * stored PTS, seconds. The two ends are left out: a seek may have torn frames from there.
 */
export function isUneven(packets: readonly Packet[], rate: number, rounding: number): boolean {
  const times = packets.flatMap(({ stream, time }) => (stream === 0 ? [time] : [])).sort((a, b) => a - b)
  const gaps = times.slice(1).map((time, n) => time - (times[n] ?? 0))
  const tolerance = 0.25 / rate + rounding
  return gaps.slice(4, -4).some((gap) => Math.abs(gap - 1 / rate) > tolerance)
}
