/**
 * Places in a film that a list names, as frames or as times, and the frames that they are.
 */

export type Mark = { frame: number } | { seconds: number }

/** Of what a list holds as much as a sentence can carry. */
export const inWords = (text: string) => `“${text.replace(/\s+/g, ' ').slice(0, 40)}”`

/** @param index of the line, from 0. */
export const lineError = (index: number, sentence: string) => new Error(`Line ${index + 1}: ${sentence}`)

/**
 * The frames that marks stand for, ascending, each once; a time stands for the frame nearest to it.
 * @param times of the film's frames, seconds from the first frame's PTS, ascending.
 * @throws Error where a mark lies outside the film.
 */
export function framesOfMarks(marks: readonly Mark[], times: ArrayLike<number>): number[] {
  const frames = marks.map((mark) => ('frame' in mark ? mark.frame : nearest(mark.seconds, times)))
  const outside = frames.find((frame) => !Number.isInteger(frame) || frame < 0 || frame >= times.length)
  if (outside !== undefined)
    throw new Error(
      `Frame ${outside} is not in this film, which has ${times.length} frames. Is the list of another film?`,
    )
  return [...new Set(frames)].sort((a, b) => a - b)
}

/** The frame shown nearest to a time; one beyond the end where that lies more than a second behind the last. */
function nearest(seconds: number, times: ArrayLike<number>): number {
  let [low, high] = [0, times.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((times[middle] ?? 0) < seconds) low = middle + 1
    else high = middle
  }
  if (seconds > (times[low] ?? 0) + 1) return times.length
  const before = times[low - 1]
  return before !== undefined && seconds - before < (times[low] ?? 0) - seconds ? low - 1 : low
}
