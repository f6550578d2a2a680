/**
 * What x264 tells of itself in the stream: its version and every setting it was run with.
 */

/** As x264 writes it into the first frame of an encode (`x264_sei_version_write`); null where it is not in `head`. */
export const encoderNote = (head: Uint8Array): string | null =>
  /x264 - core [\x20-\x7e]+/.exec(new TextDecoder('latin1').decode(head))?.[0] ?? null

/** The name that x264 gives its own notes among others. */
const noteId = 'dc45e9bde6d948b7962cd820d923eeef'

/** Output options that put `note` into the first frame of a stream that is copied. */
export const tellEncoderNote = (note: string): string[] => [
  '-bsf:v',
  `h264_metadata=sei_user_data=${noteId}+${escaped(escaped(note))}`,
]

/** ffmpeg reads it twice: as a list of filters, and as a list of their options. */
const escaped = (text: string) => text.replace(/[\\:,=']/g, '\\$&')
