/**
 * Every container that is accepted: whole, without its end, and with bits turned.
 */

import { base, film, flipped, operated, picture, tone, truncated, written } from './making.ts'
import { accepted, either, type Outcome, refused, type Specimen } from './specimen.ts'

interface Container {
  /** What it is called here; its ending names it to ffmpeg. */
  name: string
  args: string[]
  /** What becomes of the first 60% of it. */
  shortened: Outcome
  frames?: number
  /** Like the one before it. */
  alike?: true
}

const torn = refused(/The end of .* is missing or cannot be decoded.*Copy it again\.$/)
/** Streams without a length: what is there is a film. */
const shorter = accepted()

const h264 = ['-c:v', 'libx264', '-c:a', 'aac']
const mpeg2 = ['-c:v', 'mpeg2video', '-c:a', 'mp2']
const both = [...picture(), ...tone()]
const pal = picture('null', { size: '720x576', seconds: 0.4 })

const containers: Container[] = [
  { name: 'index-last.mp4', args: [...both, ...h264], shortened: torn, frames: 25 },
  {
    name: 'index-first.mp4',
    args: [...both, ...h264, '-movflags', '+faststart'],
    shortened: torn,
    frames: 25,
  },
  {
    name: 'fragments.mp4',
    args: [...both, ...h264, '-g', '5', '-movflags', '+frag_keyframe+empty_moov'],
    shortened: torn,
    frames: 25,
  },
  {
    name: 'prores.mov',
    args: [...both, '-c:v', 'prores_ks', '-c:a', 'pcm_s16le'],
    shortened: torn,
    frames: 25,
  },
  {
    alike: true,
    name: 'phone.3gp',
    args: [...both, '-c:v', 'libx264', '-c:a', 'aac'],
    shortened: torn,
    frames: 25,
  },
  { alike: true, name: 'itunes.m4v', args: [...both, ...h264], shortened: torn, frames: 25 },
  { name: 'film.mkv', args: [...both, ...h264], shortened: torn, frames: 25 },
  { name: 'film.webm', args: [...both, '-c:v', 'libvpx', '-c:a', 'libopus'], shortened: torn, frames: 25 },
  { name: 'film.avi', args: [...both, '-c:v', 'mpeg4', '-c:a', 'mp2'], shortened: either, frames: 25 },
  { name: 'stream.ts', args: [...both, ...mpeg2], shortened: shorter, frames: 25 },
  {
    name: 'camera.m2ts',
    args: [...both, ...h264, '-f', 'mpegts', '-mpegts_m2ts_mode', '1'],
    shortened: shorter,
    frames: 25,
  },
  { name: 'program.mpg', args: [...both, ...mpeg2], shortened: shorter, frames: 25 },
  { alike: true, name: 'disc.vob', args: [...both, ...mpeg2], shortened: shorter, frames: 25 },
  {
    name: 'broadcast.mxf',
    args: [...both, '-c:v', 'mpeg2video', '-c:a', 'pcm_s16le'],
    shortened: torn,
    frames: 25,
  },
  { alike: true, name: 'server.gxf', args: [...pal, '-c:v', 'mpeg2video', '-an'], shortened: either },
  {
    name: 'tape.dv',
    args: [...pal, '-pix_fmt', 'yuv420p', '-c:v', 'dvvideo', '-an'],
    shortened: shorter,
    frames: 10,
  },
  { name: 'flash.flv', args: [...both, ...h264], shortened: either, frames: 25 },
  {
    alike: true,
    name: 'windows.wmv',
    args: [...both, '-c:v', 'wmv2', '-c:a', 'wmav2'],
    shortened: either,
    frames: 25,
  },
  { name: 'film.nut', args: [...both, '-c:v', 'mpeg4', '-c:a', 'mp2'], shortened: either, frames: 25 },
  {
    name: 'film.ogv',
    args: [...both, '-c:v', 'libtheora', '-c:a', 'libvorbis'],
    shortened: either,
    frames: 25,
  },
  { alike: true, name: 'recorder.wtv', args: [...both, ...mpeg2], shortened: either },
  { alike: true, name: 'frames.ivf', args: [...picture(), '-c:v', 'libvpx'], shortened: either, frames: 25 },
  // Cut short: the older build conceals what is missing, the newer one refuses it.
  { name: 'raw.264', args: [...picture(), '-c:v', 'libx264', '-f', 'h264'], shortened: either, frames: 25 },
  {
    alike: true,
    name: 'raw.265',
    args: [...picture(), '-c:v', 'libx265', '-x265-params', 'log-level=none', '-f', 'hevc'],
    shortened: shorter,
    frames: 25,
  },
  {
    alike: true,
    name: 'raw.m2v',
    args: [...picture(), '-c:v', 'mpeg2video', '-f', 'mpeg2video'],
    shortened: shorter,
    frames: 25,
  },
  {
    alike: true,
    name: 'plain.y4m',
    args: [...picture('format=yuv420p'), '-f', 'yuv4mpegpipe'],
    shortened: either,
    frames: 25,
  },
  { name: 'loop.gif', args: [...picture()], shortened: either, frames: 25 },
  { alike: true, name: 'loop.apng', args: [...picture('format=rgb24')], shortened: either, frames: 25 },
  { name: 'old.rm', args: [...picture('null', { size: '96x64' }), '-c:v', 'rv10'], shortened: either },
]

const endingOf = (name: string) => name.slice(name.lastIndexOf('.'))

export const damaged: Specimen[] = containers.flatMap(({ name, args, shortened, frames, alike }) => {
  const whole = () => base(name, args)
  const thorough = alike && { thorough: alike }
  return [
    { name, make: operated(whole, (bytes) => bytes), outcome: accepted({ ...(frames && { frames }) }) },
    {
      name: `${name}-cut${endingOf(name)}`,
      make: operated(whole, truncated(0.6)),
      ...thorough,
      outcome: shortened,
    },
    {
      name: `${name}-flipped${endingOf(name)}`,
      make: operated(whole, flipped(400)),
      ...thorough,
      outcome: either,
    },
  ]
})

const mp4 = () => base('index-first.mp4', containers[1]?.args ?? [])
const mov = () => base('prores.mov', containers[3]?.args ?? [])

/** Damage of other kinds. */
export const broken: Specimen[] = [
  { name: 'empty.mov', make: written(''), outcome: refused(/is empty: it has no bytes at all\.$/) },
  { name: 'one-byte.mp4', make: written('x'), outcome: refused(/not a video that ffmpeg can read/) },
  {
    name: 'zeros.mov',
    make: written(Buffer.alloc(65_536)),
    outcome: refused(/not a video that ffmpeg can read/),
  },
  {
    name: 'text.mov',
    make: written('Dear diary, '.repeat(500)),
    outcome: refused(/not a video that ffmpeg can read/),
  },
  {
    name: 'page.mp4',
    make: written('<!doctype html><title>404</title>'),
    outcome: refused(/not a video that ffmpeg can read/),
  },
  { name: 'head-only.mp4', make: operated(mp4, (bytes) => bytes.subarray(0, 32)), outcome: refused(/./) },
  { name: 'headless.mp4', make: operated(mp4, (bytes) => bytes.subarray(2048)), outcome: refused(/./) },
  {
    name: 'header-flipped.mp4',
    make: operated(mp4, (bytes) => (flipped(40)(bytes.subarray(0, 1500)), bytes)),
    outcome: either,
  },
  {
    name: 'huge-box.mp4',
    make: operated(mp4, (bytes) => (bytes.writeUInt32BE(0x7fffffff, 0), bytes)),
    outcome: refused(/The end of huge-box.mp4 is missing/),
  },
  {
    name: 'rubbish-end.mov',
    make: operated(mov, (bytes) => bytes.fill(0, bytes.length - 20_000, bytes.length - 3000)),
    outcome: either,
  },
  {
    name: 'trailing-rubbish.mp4',
    make: operated(mp4, (bytes) => Buffer.concat([bytes, Buffer.alloc(999, 0xff)])),
    outcome: accepted({ frames: 25 }),
  },
  { name: 'twice.mp4', make: operated(mp4, (bytes) => Buffer.concat([bytes, bytes])), outcome: accepted() },
  { name: 'wrong-ending.avi', make: operated(mp4, (bytes) => bytes), outcome: accepted({ frames: 25 }) },
  { name: 'no-ending', make: operated(mp4, (bytes) => bytes), outcome: accepted({ frames: 25 }) },
  {
    name: 'sound.wav',
    make: film(...tone()),
    outcome: refused(/has no moving picture in it, only sound\.$/),
  },
  { name: 'sound.mov', make: film(...tone(), '-c:a', 'aac'), outcome: refused(/only sound/) },
  {
    name: 'bomb.y4m',
    make: written(`YUV4MPEG2 W60000 H60000 F25:1 Ip A1:1 C420jpeg\nFRAME\n${'x'.repeat(9999)}`),
    outcome: refused(/not a video that ffmpeg can read|cannot read/),
  },
  {
    name: 'bomb.gif',
    make: operated(
      () => base('bombed.gif', picture()),
      (bytes) => (bytes.writeUInt32LE(0xffffffff, 6), bytes),
    ),
    outcome: refused(/larger than|not a video that ffmpeg can read|cannot/),
  },
]
