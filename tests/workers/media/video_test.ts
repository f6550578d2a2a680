/**
 * Sizes, levels, rates and colours of what is encoded.
 */

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readProbe, type VideoStream } from '../../../workers/media/probe.ts'
import {
  audioChannels,
  colourTags,
  exactRate,
  fit,
  h264Level,
  outputColour,
  pictureFilters,
} from '../../../workers/media/video.ts'

const test = suite('video')

const square = { num: 1, den: 1 }

test('a picture is made to fit, never enlarged, and both sides are even', () => {
  const fitted = (width: number, height: number, box: Parameters<typeof fit>[2], pixel = square) => {
    const size = fit({ width, height }, pixel, box)
    return `${size.width}x${size.height}`
  }
  assert.is(fitted(3840, 2160, { width: 1920, height: 1080 }), '1920x1080')
  assert.is(fitted(1280, 720, { width: 1920, height: 1080 }), '1280x720')
  assert.is(fitted(577, 323, 'source'), '576x322')
  assert.is(fitted(1080, 1920, { width: 1920, height: 1080 }), '608x1080')
  assert.is(fitted(4096, 1716, { width: 2560, height: 1440 }), '2560x1072')
  assert.is(fitted(1440, 1080, { width: 960, height: 540 }, { num: 4, den: 3 }), '720x540')
  assert.is(fitted(1, 1, 'source'), '2x2')
})

test('the level is the lowest that fits, and at least what is asked for', () => {
  const level = (width: number, height: number, rate: number, least: string) =>
    h264Level({ width, height }, rate, least)
  assert.is(level(640, 360, 25, '3.0'), '3.0')
  assert.is(level(640, 360, 25, '4.1'), '4.1')
  assert.is(level(1280, 720, 30, '3.0'), '3.1')
  assert.is(level(1280, 720, 60, '3.0'), '3.2')
  assert.is(level(1920, 1080, 30, '3.0'), '4.0')
  assert.is(level(1920, 1080, 60, '4.0'), '4.2')
  assert.is(level(2560, 1440, 25, '4.1'), '5.0')
  assert.is(level(3840, 2160, 30, '4.1'), '5.1')
  assert.is(level(3840, 2160, 60, '4.1'), '5.2')
  assert.is(level(7680, 4320, 30, '4.1'), '6.0')
  assert.is(level(16384, 16384, 120, '4.1'), null)
  // Long and thin: few macroblocks, but a side beyond the square root of eight times the frame's limit.
  assert.is(level(4096, 16, 25, '3.0'), '4.0')
})

test('everyday names of rates are the fractions they stand for', () => {
  assert.equal(exactRate(29.97), { num: 30000, den: 1001 })
  assert.equal(exactRate(23.976), { num: 24000, den: 1001 })
  assert.equal(exactRate(23.98), { num: 24000, den: 1001 })
  assert.equal(exactRate(59.94), { num: 60000, den: 1001 })
  assert.equal(exactRate(25), { num: 25, den: 1 })
  assert.equal(exactRate(12.5), { num: 12500, den: 1000 })
})

const stream = (facts: Record<string, unknown> = {}): VideoStream => {
  const video = { index: 0, codec_type: 'video', width: 1920, height: 1080, pix_fmt: 'yuv420p', ...facts }
  const probe = readProbe({ streams: [video] }, 1)
  if (!probe) throw new Error('no picture')
  return probe.video
}

test('colours of the source are kept, those of HDR and RGB become BT.709', () => {
  const bt2020 = { color_space: 'bt2020nc', color_primaries: 'bt2020' }
  assert.equal(outputColour(stream({ ...bt2020, color_transfer: 'bt2020-10' })), {
    range: 'tv',
    matrix: 'bt2020nc',
    primaries: 'bt2020',
    transfer: 'bt2020-10',
  })
  assert.is(outputColour(stream({ ...bt2020, color_transfer: 'smpte2084' })).primaries, 'bt709')
  assert.is(outputColour(stream({ pix_fmt: 'gbrp', color_space: 'gbr' })).matrix, 'bt709')
  assert.equal(colourTags(outputColour(stream())), ['-color_range', 'tv'])
})

test('only what must be done to a picture is done', () => {
  const all = ['zscale', 'tonemap', 'premultiply']
  const filters = (facts: Record<string, unknown>, size = { width: 1920, height: 1080 }) =>
    pictureFilters(stream(facts), size, all).join(',')
  assert.match(filters({ color_range: 'pc' }), /in_range=pc:out_range=tv/)
  assert.not.match(filters({}), /crop|zscale|premultiply/)
  assert.match(filters({ width: 1921, height: 1081 }), /crop=1920:1080:0:0/)
  assert.match(filters({ width: 3840, height: 2160 }), /scale=1920:1080/)
  assert.match(filters({ pix_fmt: 'yuva444p10le' }), /^premultiply/)
  assert.match(filters({ color_transfer: 'arib-std-b67' }), /tin=arib-std-b67.*tonemap=hable.*peak=10/)
  assert.match(filters({ sample_aspect_ratio: '4:3' }), /setsar=4\/3:max=65535$/)
  assert.match(
    filters({ sample_aspect_ratio: '4:3', tags: { rotate: '90' } }, { width: 1080, height: 1920 }),
    /setsar=3\/4:max=65535$/,
  )
})

test('channels are kept where players know them', () => {
  assert.equal(
    [1, 2, 3, 6, 8, 16].map((source) => audioChannels(source, 'source')),
    [1, 2, 2, 6, 8, 2],
  )
  assert.equal([audioChannels(6, 'stereo'), audioChannels(2, 'mono')], [2, 1])
})

test.run()
