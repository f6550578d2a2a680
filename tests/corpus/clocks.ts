/**
 * Frames at every rate and at no rate, clocks that begin anywhere, and every kind of sound beside them.
 */

import { writeFileSync } from 'node:fs'
import { base, combined, film, filmOf, joined, picture, plain, tone, wrapped } from './making.ts'
import { accepted, refused, type Specimen } from './specimen.ts'

const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast']
const prores = ['-c:v', 'prores_ks']
const uneven = 'select=not(eq(mod(n\\,7)\\,3))'
/** The clock of an MPEG stream has 33 bits and runs at 90 kHz. */
const wrap = 2 ** 33 / 90_000

/** Half a second each side of a leap on the clock. */
const leap = (seconds: number) => `setpts=PTS+gte(N\\,12)*${seconds}/TB`

const shifted = (seconds: number, ...args: string[]) =>
  wrapped('-copyts', '-output_ts_offset', String(seconds), '-avoid_negative_ts', '0', ...args)

const part = () => base('part.ts', [...picture(), ...tone(), '-c:v', 'mpeg2video', '-c:a', 'mp2'])
const mpeg2 = () => base('short.mpg', [...picture(), '-c:v', 'mpeg2video'])

export const clocks: Specimen[] = [
  {
    name: 'film-23-976.mov',
    make: film(...picture('null', { rate: '24000/1001' }), ...prores, '-timecode', '01:00:00:00'),
    outcome: accepted({ frames: 24, video: { frameRate: { num: 24000, den: 1001 }, variable: false } }),
  },
  {
    name: 'ntsc-drop.mov',
    make: film(...picture('null', { rate: '30000/1001' }), ...prores, '-timecode', '00:59:59;20'),
    outcome: accepted({ frames: 30, video: { frameRate: { num: 30000, den: 1001 } } }),
  },
  {
    name: 'one-per-second.mp4',
    make: film(...picture('null', { rate: '1', seconds: 3 }), ...x264),
    outcome: accepted({ frames: 3 }),
  },
  {
    name: 'ten-seconds-each.mkv',
    make: film(...picture('null', { rate: '1/10', seconds: 30 }), ...x264),
    outcome: accepted({ frames: 3 }),
  },
  {
    name: 'thousand-per-second.mp4',
    make: film(...picture('null', { rate: '1000', seconds: 0.1 }), ...x264),
    outcome: accepted({ frames: 100 }),
  },
  {
    name: 'uneven.mp4',
    make: film(...picture(uneven), ...tone(), '-vsync', '0', ...x264),
    outcome: accepted({ frames: 21, video: { variable: true } }, /variable frame rate/),
  },
  {
    name: 'uneven.mkv',
    make: film(...picture(uneven), '-vsync', '0', ...x264),
    outcome: accepted({ frames: 21 }, /variable frame rate/),
  },
  {
    name: 'ten-minute-gap.mp4',
    make: film(...picture(leap(600)), '-vsync', '0', ...x264),
    outcome: accepted({ frames: 25 }),
  },
  {
    name: 'ten-hour-gap.mkv',
    make: film(...picture(leap(36_000)), '-vsync', '0', ...x264),
    outcome: accepted({ frames: 25 }),
  },
  // Matroska has no times below zero: the muxer writes nonsense.
  { name: 'negative.mkv', make: shifted(-0.4), outcome: refused(/The end of .* cannot be decoded/) },
  { name: 'negative.ts', make: shifted(-0.4), outcome: accepted() },
  { name: 'negative.avi', make: shifted(-0.4, '-c:a', 'mp2'), outcome: accepted() },
  { name: 'late-start.mp4', make: shifted(5), outcome: accepted() },
  { name: 'wrapping.ts', make: shifted(wrap - 0.5, '-muxdelay', '0'), outcome: accepted() },
  {
    name: 'wrapping.mpg',
    make: filmOf(mpeg2, [], '-c', 'copy', '-copyts', '-output_ts_offset', String(wrap - 0.5)),
    outcome: accepted(),
  },
  { name: 'clock-leaps-back.ts', make: joined(part, part), outcome: accepted() },
  {
    name: 'edit-list.mp4',
    make: filmOf(plain, ['-ss', '0.3'], '-c', 'copy'),
    outcome: accepted({ frames: 17, unremarked: /could be decoded/ }),
  },
  {
    name: 'no-b-frame-times.avi',
    make: film(...picture(), ...x264, '-bf', '3'),
    outcome: accepted({ frames: 25 }),
  },
]

const tracks = (...args: string[]) => [...picture(), ...args, '-map', '0:v']
const surround = (layout: string) => ['-af', `aformat=channel_layouts=${layout}`]

export const sounds: Specimen[] = [
  {
    name: 'mute.mov',
    make: film(...picture(), ...prores),
    outcome: accepted({ audioTracks: 0 }, /no sound/),
  },
  {
    name: 'two-tracks.mov',
    make: film(...tracks(...tone(), ...tone()), '-map', '1', '-map', '2', ...prores),
    outcome: accepted({ audioTracks: 2 }, /2 audio tracks/),
  },
  {
    name: 'sixteen-tracks.mov',
    make: film(...tracks(...tone()), ...Array.from({ length: 16 }, () => ['-map', '1']).flat(), ...prores),
    outcome: accepted({ audioTracks: 16 }, /16 audio tracks/),
  },
  {
    name: 'two-rates.mov',
    make: film(
      ...tracks(...tone(1, 44_100), ...tone()),
      '-map',
      '1',
      '-map',
      '2',
      ...prores,
      '-c:a',
      'pcm_s16le',
    ),
    outcome: accepted({ audioTracks: 2 }),
  },
  {
    name: 'surround-7-1.mov',
    make: film(...picture(), ...tone(), ...surround('7.1'), ...prores, '-c:a', 'pcm_s24le'),
    outcome: accepted({ audioTracks: 1 }),
  },
  {
    name: 'surround-5-1.mp4',
    make: film(...picture(), ...tone(), ...surround('5.1'), ...x264, '-c:a', 'ac3'),
    outcome: accepted({ audioTracks: 1 }),
  },
  {
    name: 'telephone-8k.mkv',
    make: film(...picture(), ...tone(1, 8000), ...x264, '-c:a', 'pcm_mulaw'),
    outcome: accepted({ audioTracks: 1 }),
  },
  {
    name: 'studio-192k.mov',
    make: film(...picture(), ...tone(1, 192_000), ...prores, '-c:a', 'pcm_s32le'),
    outcome: accepted({ audioTracks: 1 }),
  },
  {
    name: 'float.mov',
    make: film(...picture(), ...tone(), ...prores, '-c:a', 'pcm_f32le'),
    outcome: accepted({ audioTracks: 1 }),
  },
  {
    name: 'longer-sound.mp4',
    make: film(...picture(), ...tone(4), ...x264, '-c:a', 'aac'),
    outcome: accepted({ frames: 25 }),
  },
  {
    name: 'shorter-sound.mov',
    make: film(...picture(), ...tone(0.2), ...prores),
    outcome: accepted({ frames: 25 }),
  },
  {
    name: 'late-picture.mp4',
    make: film('-itsoffset', '1', ...picture(), ...tone(2), '-vsync', '0', ...x264),
    outcome: accepted({ frames: 25 }),
  },
  {
    name: 'late-sound.mkv',
    make: film(...picture(), '-itsoffset', '0.5', ...tone(0.5), ...x264),
    outcome: accepted({ frames: 25 }),
  },
]

const cover = () => base('cover.png', [...picture(), '-frames:v', '1'])
const song = () => base('song.wav', tone())
const subtitles = async () => {
  const file = `${await cover()}.srt`
  writeFileSync(file, '1\n00:00:00,200 --> 00:00:09,000\nThe end\n')
  return file
}
const both = ['-map', '0', '-map', '1']

export const companions: Specimen[] = [
  {
    name: 'song-with-cover.mp3',
    make: combined([song, cover], ...both, '-c:v', 'copy', '-id3v2_version', '3'),
    outcome: refused(/only sound/),
  },
  {
    name: 'song-with-cover.m4a',
    make: combined([song, cover], ...both, '-c:v', 'copy', '-disposition:v', 'attached_pic'),
    outcome: refused(/only sound/),
  },
  {
    name: 'film-with-cover.mp4',
    make: combined(
      [plain, cover],
      '-map',
      '1',
      '-map',
      '0',
      '-c',
      'copy',
      '-disposition:v:0',
      'attached_pic',
    ),
    outcome: accepted({ frames: 25, video: { codec: 'h264' } }),
  },
  {
    name: 'film-with-attachment.mkv',
    make: async (place, world) =>
      wrapped('-attach', await cover(), '-metadata:s:t', 'mimetype=image/png')(place, world),
    outcome: accepted({ frames: 25 }),
  },
  {
    name: 'subtitles-only.mkv',
    make: filmOf(subtitles, []),
    outcome: refused(/has no moving picture in it, only subtitles\.$/),
  },
  { name: 'subtitles.srt', make: filmOf(subtitles, []), outcome: refused(/not a video/) },
  {
    name: 'film-with-long-subtitles.mkv',
    make: combined([plain, subtitles], ...both, '-c:v', 'copy', '-c:a', 'copy'),
    outcome: accepted({ frames: 25 }),
  },
  {
    name: 'two-pictures.mov',
    make: film(...picture(), ...picture('hflip', { size: '64x36' }), ...both, ...prores),
    outcome: accepted({ shown: '96x54', frames: 25 }),
  },
  {
    name: 'metadata-bomb.mp4',
    make: wrapped(
      '-metadata',
      `title=${'x'.repeat(60_000)}`,
      '-metadata',
      'comment=$(reboot) `id` %s%n <script>',
    ),
    outcome: accepted({ frames: 25 }),
  },
]
