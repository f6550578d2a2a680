/**
 * What codecs are called by people.
 */

/** "H.264" for ffmpeg's `h264`; what has no other name keeps its own, nothing is "". */
export const codecText = (codec: string | null | undefined): string => (codec ? (names[codec] ?? codec) : '')

/** The same of a file, whose ending tells a picture from a film: one JPEG is no Motion JPEG. */
export const fileCodecText = ({ path, codec }: { path: string; codec: string | null }): string =>
  codec === 'mjpeg' && /\.jpe?g$/i.test(path) ? 'JPEG' : codecText(codec)

const names: Record<string, string> = {
  h264: 'H.264',
  hevc: 'H.265',
  prores: 'ProRes',
  dnxhd: 'DNxHD',
  mpeg2video: 'MPEG-2',
  mpeg4: 'MPEG-4',
  mjpeg: 'Motion JPEG',
  png: 'PNG',
  vp8: 'VP8',
  vp9: 'VP9',
  av1: 'AV1',
  aac: 'AAC',
  ac3: 'AC-3',
  mp3: 'MP3',
  opus: 'Opus',
  vorbis: 'Vorbis',
  flac: 'FLAC',
}
