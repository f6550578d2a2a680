/**
 * Pictures of every shape, depth and colour, and films of hardly any.
 */

import { base, film, filmOf, joined, operated, picture, plain, tone, truncated } from './making.ts'
import { accepted, either, refused, type Specimen } from './specimen.ts'

const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast']
const prores = ['-c:v', 'prores_ks']
const brief = { seconds: 0.4 }
const hdr = (transfer: string) => [
  ...[...picture('format=yuv420p10', brief), ...tone(0.4), '-c:v', 'libx265', '-x265-params'],
  `transfer=${transfer}:colorprim=bt2020:colormatrix=bt2020nc:log-level=none`,
]
const upright = () => base('upright.mov', [...picture('format=yuv422p10', brief), ...prores])
const turned = (degrees: number) => filmOf(upright, [], '-c', 'copy', '-metadata:s:v', `rotate=${degrees}`)

export const shapes: Specimen[] = [
  {
    name: 'one-pixel.mkv',
    make: film(...picture('scale=1:1', brief), '-c:v', 'ffv1'),
    outcome: accepted({ shown: '1x1', frames: 10 }),
  },
  {
    name: 'one-column.mkv',
    make: film(...picture('scale=1:54', brief), '-c:v', 'ffv1'),
    outcome: accepted({ shown: '1x54' }),
  },
  {
    name: 'two-pixels.mp4',
    make: film(...picture('scale=2:2', brief), ...x264),
    outcome: accepted({ shown: '2x2' }),
  },
  {
    name: 'wide-16384.mp4',
    make: film(...picture('scale=16384:64', { seconds: 0.08 }), ...x264),
    outcome: accepted({ shown: '16384x64', frames: 2 }),
  },
  {
    name: 'tall-8192.mkv',
    make: film(...picture('scale=64:8192', { seconds: 0.08 }), '-c:v', 'mjpeg'),
    outcome: accepted({ shown: '64x8192' }),
  },
  {
    name: 'odd-577x324.mp4',
    make: film(...picture('scale=577:324,setsar=1,format=yuv444p', brief), ...tone(0.4), ...x264),
    outcome: accepted({ shown: '577x324', frames: 10 }, /577x324 is odd/),
  },
  {
    name: 'anamorphic.mov',
    make: film(...picture('setsar=64/45', brief), ...prores),
    outcome: accepted({ video: { sampleAspect: { num: 64, den: 45 } } }, /not square \(64:45\)/),
  },
  {
    name: 'thin-pixels.mkv',
    make: film(...picture('setsar=1/100', brief), '-c:v', 'ffv1'),
    outcome: accepted({}, /not square/),
  },
  {
    name: 'turned-90.mov',
    make: turned(90),
    outcome: accepted({ shown: '54x96' }, /turned by 270°/),
  },
  { name: 'turned-180.mov', make: turned(180), outcome: accepted({ shown: '96x54' }, /turned by 180°/) },
  { name: 'turned-270.mov', make: turned(270), outcome: accepted({ shown: '54x96' }, /turned by 90°/) },
  {
    name: 'size-changes.ts',
    make: joined(
      () => base('small.ts', [...picture('null', { size: '64x36', seconds: 0.4 }), '-c:v', 'mpeg2video']),
      () => base('large.ts', [...picture('null', { size: '128x72', seconds: 0.4 }), '-c:v', 'mpeg2video']),
    ),
    // The bundled build crashes over the second size where it encodes.
    outcome: either,
  },
]

export const colours: Specimen[] = [
  {
    name: 'pq.mov',
    make: film(...hdr('smpte2084')),
    outcome: accepted({ video: { hdr: 'pq', depth: 10 } }, /HDR \(PQ\)/),
  },
  {
    name: 'hlg.mov',
    make: film(...hdr('arib-std-b67')),
    outcome: accepted({ video: { hdr: 'hlg', depth: 10 } }, /HDR \(HLG\)/),
  },
  {
    name: 'full-range.mp4',
    make: film(...picture('format=yuvj420p', brief), ...x264),
    outcome: accepted({ video: { range: 'pc' } }),
  },
  {
    name: 'reserved-colours.mp4',
    make: film(
      ...picture('null', brief),
      ...x264,
      '-bsf:v',
      'h264_metadata=colour_primaries=3:transfer_characteristics=3:matrix_coefficients=3',
    ),
    outcome: accepted({ frames: 10 }),
  },
  {
    name: 'unheard-of-colours.mp4',
    make: film(
      ...picture('null', brief),
      ...x264,
      '-bsf:v',
      'h264_metadata=colour_primaries=200:transfer_characteristics=200:matrix_coefficients=200',
    ),
    outcome: accepted({ frames: 10 }),
  },
  {
    name: 'alpha-4444.mov',
    make: film(...picture('format=yuva444p10', brief), ...prores, '-pix_fmt', 'yuva444p10le'),
    outcome: accepted({ video: { alpha: true } }, /transparency/),
  },
  {
    name: 'alpha-animation.mov',
    make: film(...picture('format=argb', brief), '-c:v', 'qtrle'),
    outcome: accepted({ video: { alpha: true } }, /transparency/),
  },
  {
    name: '4-4-4.mp4',
    make: film(...picture('format=yuv444p', brief), ...x264),
    outcome: accepted({ video: { pixelFormat: 'yuv444p' } }),
  },
  {
    name: '4-2-2-8bit.mp4',
    make: film(...picture('format=yuv422p', brief), ...x264),
    outcome: accepted({ video: { pixelFormat: 'yuv422p' } }),
  },
  {
    name: '4-1-0.mov',
    make: film(...picture('format=yuv410p', brief), '-c:v', 'svq1'),
    outcome: accepted({ frames: 10 }),
  },
  {
    name: '12-bit.mkv',
    make: film(...picture('format=yuv444p12', brief), '-c:v', 'ffv1'),
    outcome: accepted({ video: { depth: 12 } }),
  },
  {
    name: '16-bit.mkv',
    make: film(...picture('format=rgb48', brief), '-c:v', 'ffv1'),
    outcome: accepted({ video: { depth: 16 } }),
  },
  {
    name: 'rgb.mp4',
    make: film(...picture('format=rgb24', brief), '-c:v', 'libx264rgb'),
    outcome: accepted({ frames: 10 }),
  },
  {
    name: 'grey.mkv',
    make: film(...picture('format=gray', brief), '-c:v', 'ffv1'),
    outcome: accepted({ frames: 10 }),
  },
  {
    name: 'grey-10bit.mkv',
    make: film(...picture('format=gray10', brief), '-c:v', 'ffv1'),
    outcome: accepted({ frames: 10 }),
  },
  {
    name: 'black-and-white.avi',
    make: film(...picture('format=monob', brief), '-c:v', 'rawvideo', '-pix_fmt', 'monob'),
    outcome: accepted(),
  },
  {
    name: 'palette.mov',
    make: film(...picture('format=pal8', brief), '-c:v', 'png'),
    outcome: accepted({ frames: 10 }),
  },
  {
    name: 'uncompressed.mov',
    make: film(...picture('null', brief), '-c:v', 'v210'),
    outcome: accepted({ frames: 10 }),
  },
  {
    name: 'motion-jpeg.avi',
    make: film(...picture('null', brief), '-c:v', 'mjpeg'),
    outcome: accepted({ frames: 10 }),
  },
  {
    name: 'jpeg-2000.mov',
    make: film(...picture('null', brief), '-c:v', 'libopenjpeg'),
    outcome: accepted({ frames: 10 }),
  },
  {
    name: 'dnxhr.mov',
    make: film(...picture('scale=256:144', brief), '-c:v', 'dnxhd', '-profile:v', 'dnxhr_sq'),
    outcome: accepted({ frames: 10 }),
  },
  {
    name: 'interlaced.mpg',
    make: film(
      ...picture('interlace', { rate: '50' }),
      '-c:v',
      'mpeg2video',
      '-flags',
      '+ilme+ildct',
      '-top',
      '1',
    ),
    outcome: accepted({ frames: 25, video: { interlaced: true } }, /interlaced/),
  },
  {
    name: 'interlaced.mov',
    make: film(...picture('interlace', { rate: '50' }), ...prores, '-flags', '+ilme+ildct', '-top', '1'),
    outcome: accepted({ video: { interlaced: true } }, /interlaced/),
  },
]

export const fewFrames: Specimen[] = [
  {
    name: 'one-frame.mp4',
    make: film(...picture(), '-frames:v', '1', ...x264),
    outcome: accepted({ frames: 1 }),
  },
  {
    name: 'one-frame.mov',
    make: film(...picture(), '-frames:v', '1', ...prores),
    outcome: accepted({ frames: 1 }),
  },
  {
    name: 'two-frames.mkv',
    make: film(...picture(), '-frames:v', '2', ...x264),
    outcome: accepted({ frames: 2 }),
  },
  {
    name: 'no-frames.mkv',
    make: film(...picture(), '-frames:v', '0', ...x264),
    outcome: refused(/has not one frame in it|not a video|no moving picture/),
  },
  {
    name: 'no-frames.mp4',
    make: film(...picture(), '-frames:v', '0', ...x264),
    outcome: refused(/has not one frame in it|not a video|no moving picture/),
  },
  {
    name: 'still.png',
    make: film(...picture(), '-frames:v', '1'),
    outcome: refused(/is a still image, not a video\.$/),
  },
  {
    name: 'still.jpg',
    make: film(...picture('format=yuvj420p'), '-frames:v', '1'),
    outcome: refused(/is a still image, not a video\.$/),
  },
  { name: 'still.tiff', make: film(...picture(), '-frames:v', '1'), outcome: refused(/still image/) },
  {
    name: 'still-as-film.mov',
    make: joined(() => base('still.bmp', [...picture(), '-frames:v', '1'])),
    outcome: refused(/still image/),
  },
  {
    name: 'no-keyframe-first.mp4',
    make: filmOf(plain, ['-ss', '0.5'], '-c', 'copy', '-copyinkf'),
    outcome: accepted(),
  },
  {
    name: 'joined-midway.ts',
    make: operated(
      () => base('recorded.ts', [...picture(), ...x264, '-g', '10']),
      (bytes) => bytes.subarray(Math.round(bytes.length / 3)),
    ),
    outcome: accepted(),
  },
  {
    name: 'half-a-frame.264',
    make: operated(() => base('one.264', [...picture(), '-frames:v', '1', ...x264]), truncated(0.5)),
    outcome: either, // the older build conceals what is missing, the newer one refuses it
  },
]
