/**
 * Reading what ffprobe says, and what the structure of a file says of its size.
 */

import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { claimedSize } from '../../../workers/media/container.ts'
import { isUneven, readPackets } from '../../../workers/media/packets.ts'
import { readProbe } from '../../../workers/media/probe.ts'
import { cutsClip } from '../../media.ts'

const test = suite('probe of media')

const video = {
  index: 0,
  codec_type: 'video',
  codec_name: 'h264',
  width: 320,
  height: 180,
  pix_fmt: 'yuv420p',
}

const read = (facts: Record<string, unknown>) => {
  const probe = readProbe({ streams: [{ ...video, ...facts }] }, 1)
  if (!probe) throw new Error('no picture')
  return probe.video
}

test('the depth and transparency of pixel formats are known', () => {
  const depths = [
    'yuv420p',
    'yuv422p10le',
    'yuva444p12le',
    'gbrp10le',
    'p010le',
    'rgb48be',
    'yuvj420p',
    'gray16le',
  ]
  assert.equal(
    depths.map((pix_fmt) => read({ pix_fmt }).depth),
    [8, 10, 12, 10, 10, 16, 8, 16],
  )
  const transparent = ['yuva444p10le', 'rgba', 'argb', 'gbrap12le', 'ya8', 'yuv444p', 'rgb24']
  assert.equal(
    transparent.map((pix_fmt) => read({ pix_fmt }).alpha),
    [true, true, true, true, true, false, false],
  )
})

test('a turn is told by a matrix, to the left, or by a tag, to the right', () => {
  assert.is(read({ side_data_list: [{ rotation: -90 }] }).rotation, 90)
  assert.is(read({ side_data_list: [{ rotation: 180 }] }).rotation, 180)
  assert.is(read({ tags: { rotate: '270' } }).rotation, 270)
  assert.equal([read({ tags: { rotate: '90' } }).width, read({ tags: { rotate: '180' } }).width], [180, 320])
})

test('an average that no film has gives way to the base rate', () => {
  const { frameRate, variable } = read({ avg_frame_rate: '60000/1', r_frame_rate: '25/1' })
  assert.equal([frameRate, variable], [{ num: 25, den: 1 }, false])
})

test('a cover image is not a moving picture', () => {
  assert.is(readProbe({ streams: [{ ...video, disposition: { attached_pic: 1 } }] }, 1), null)
})

test('rates that disagree are variable', () => {
  assert.not.ok(read({ avg_frame_rate: '24000/1001', r_frame_rate: '24000/1001' }).variable)
  assert.ok(read({ avg_frame_rate: '2997/125', r_frame_rate: '25/1' }).variable)
  assert.ok(read({ avg_frame_rate: '21/1', r_frame_rate: '25/1' }).variable)
  assert.not.ok(read({ avg_frame_rate: '25/1', r_frame_rate: '50/1' }).variable, 'counted in fields')
})

const reader = (bytes: Uint8Array) => async (offset: number, length: number) =>
  bytes.subarray(offset, offset + length)

test('a file says how long it is, and a shorter one is found out', async () => {
  for (const [ending, args] of [
    ['mp4', []],
    ['mov', ['-movflags', '+faststart']],
    ['mkv', []],
    ['mp4', ['-movflags', '+frag_keyframe+empty_moov']],
  ] as const) {
    const file = cutsClip(`sized-${args.join('')}.${ending}`, [20], { args: ['-c:v', 'libx264', ...args] })
    const bytes = readFileSync(file)
    assert.is(await claimedSize(reader(bytes), bytes.length), bytes.length, file)
    const torn = bytes.subarray(0, bytes.length - 10)
    assert.ok(((await claimedSize(reader(torn), torn.length)) ?? 0) > torn.length, file)
    const padded = Buffer.concat([bytes, Buffer.alloc(7)])
    assert.ok(
      ((await claimedSize(reader(padded), padded.length)) ?? 0) <= padded.length,
      'padding is no matter',
    )
  }
})

test('other files claim nothing', async () => {
  for (const bytes of [
    new Uint8Array(100),
    new TextEncoder().encode('RIFF....AVI LIST............'),
    new Uint8Array(3),
  ]) {
    assert.is(await claimedSize(reader(bytes), bytes.length), null)
  }
})

test('packets are read with their times', () => {
  const packets = readPackets(
    '#tb 0: 1/25\n#tb 1: 1/48000\n0, -2, 0, 1, 9, 0x0\n1,  48000,  48000, 1024, 9, 0x0\n',
  )
  assert.equal(packets, [
    { stream: 0, time: 0, decoded: -0.08, timed: true, duration: 0.04 },
    { stream: 1, time: 1, decoded: 1, timed: true, duration: 1024 / 48000 },
  ])
})

test('a packet without a time of its own has that of its decoding', () => {
  const [packet] = readPackets('#tb 0: 1/25\n0, 50, -9223372036854775808, 1, 9, 0x0\n')
  assert.equal(packet, { stream: 0, time: 2, decoded: 2, timed: false, duration: 0.04 })
})

const packetAt = (time: number) => ({ stream: 0, time, decoded: time, timed: true, duration: 0 })

test('a gap within is uneven, a torn edge is not', () => {
  const frames = (skip: number) =>
    Array.from({ length: 40 }, (_, n) => n)
      .filter((n) => n !== skip)
      .map((n) => packetAt(Math.round(n * 40) / 1000))
  assert.not.ok(isUneven(frames(-1), 25, 0.001))
  assert.ok(isUneven(frames(20), 25, 0.001))
  assert.not.ok(isUneven(frames(2), 25, 0.001))
})

test('where some packets have no time of their own, decoding tells whether they are even', () => {
  const packets = Array.from({ length: 40 }, (_, n) => {
    const timed = n % 3 !== 0
    return { ...packetAt(n / 25), timed, time: timed ? (n + 1) / 25 : n / 25 }
  })
  assert.not.ok(isUneven(packets, 25, 0.001))
})

test.run()
