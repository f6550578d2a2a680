/** What is embedded comes back as it was, in every form and script. */

import { inflateSync } from 'node:zlib'
import sharp from 'sharp'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { exifBytes, readExif } from '../../../workers/media/exif.ts'
import { colourOf, hlgToLinear, pqToLinear } from '../../../workers/media/icc.ts'
import { withMetadata } from '../../../workers/media/jpeg.ts'
import { describe, exifOf, mp4TagsOf, pngTextOf, xmpOf } from '../../../workers/media/metadata.ts'
import { crc32, described, readChunks, readTexts } from '../../../workers/media/png.ts'

const test = suite('metadata')

const subject = {
  artwork: '潮の研究 <1> & "2"',
  projectDate: '26-11-20',
  copyright: '© Yambo Studio',
  sourceName: `R&D – café's "final" 100%.mov`,
  scene: 3,
  frame: 75,
  timecode: '01:00:03:00',
  settings: { quality: 90 },
  createdAt: '2026-11-20 10:00:00.123',
}
const description = describe(subject)
const red = { create: { width: 8, height: 4, channels: 3 as const, background: '#c80000' } }

test('the artist is whom the copyright names', () => {
  const artist = (copyright: string) => describe({ ...subject, copyright }).artist
  for (const text of [
    '© Yambo Studio',
    '(c) 2026 Yambo Studio',
    'Copyright © 2019-2026 Yambo Studio. All rights reserved.',
    '© 2026, Yambo Studio',
    'Yambo Studio',
  ])
    assert.is(artist(text), 'Yambo Studio', text)
  assert.is(artist('© Yambo Inc.'), 'Yambo Inc.')
  assert.is(artist('© 2026'), undefined)
})

test('what is not known is not said', () => {
  const { scene, frame } = describe({
    artwork: 'A',
    projectDate: '26-11-20',
    copyright: '',
    sourceName: 'a.mov',
  })
  assert.equal([scene, frame], [undefined, undefined])
})

test('EXIF and XMP of a JPEG come back intact', async () => {
  const jpeg = await sharp(red).withIccProfile('srgb').jpeg().toBuffer()
  const parts = withMetadata(jpeg, exifBytes(exifOf(description)), xmpOf(description))
  const told = await sharp(Buffer.concat(parts)).metadata()
  const exif = readExif(told.exif ?? new Uint8Array())
  assert.is(exif.Copyright, '© Yambo Studio')
  assert.is(exif.Artist, 'Yambo Studio')
  assert.is(exif.ImageDescription, `Artwork: ${subject.artwork}`)
  assert.is(exif.DateTime, '2026:11:20 10:00:00')
  assert.match(exif.UserComment ?? '', /^[\x20-\x7e]+$/)
  assert.equal(JSON.parse(exif.UserComment ?? ''), {
    artwork: subject.artwork,
    projectDate: '26-11-20',
    source: subject.sourceName,
    scene: 3,
    frame: 75,
    timecode: '01:00:03:00',
    settings: { quality: 90 },
  })
  assert.match(told.xmpAsString ?? '', '潮の研究 &lt;1&gt; &amp; "2"')
  assert.match(told.xmpAsString ?? '', '<xmpDM:timeValue>01:00:03:00</xmpDM:timeValue>')
  assert.ok(told.icc, 'the profile is still there')
})

test('EXIF of any length of text is well formed', async () => {
  const jpeg = await sharp(red).jpeg().toBuffer()
  for (const artwork of ['', 'a', 'ab', 'abc', 'abcd', 'x'.repeat(2001)]) {
    const block = exifBytes(exifOf(describe({ ...subject, artwork })))
    assert.is(readExif(block).ImageDescription, `Artwork: ${artwork}`.trimEnd() + (artwork ? '' : ' '))
    const again = await sharp(Buffer.concat(withMetadata(jpeg, block, '')))
      .withExifMerge({})
      .jpeg()
      .toBuffer()
    assert.match((await sharp(again).metadata()).exif?.toString('latin1') ?? '', /Cutroom/)
  }
})

test('texts of a PNG come back intact, and its checksums are right', async () => {
  const png = await sharp(red).png().toBuffer()
  const whole = Buffer.concat(described(png, colourOf(null, null), pngTextOf(description)))
  const texts = readTexts(whole)
  assert.is(texts.Copyright, '© Yambo Studio')
  assert.is(texts.Description, `Artwork: ${subject.artwork}`)
  assert.is(texts.Source, subject.sourceName)
  assert.is(texts['Creation Time'], '2026-11-20T10:00:00Z')
  const types = readChunks(whole).map(
    ({ type, data }) => `${type}${new TextDecoder('latin1').decode(data.subarray(0, 9))}`,
  )
  assert.ok(
    types.some((type) => type.startsWith('tEXtCopyright')),
    'Latin-1 is told as tEXt',
  )
  assert.ok(
    types.some((type) => type.startsWith('iTXtTitle')),
    'other scripts as iTXt',
  )
  const { comments = [] } = await sharp(whole).metadata()
  assert.ok(
    comments.some(({ keyword, text }) => keyword === 'Frame' && text === '75'),
    'libpng reads it',
  )
  assert.equal(await sharp(whole).raw().toBuffer(), await sharp(red).raw().toBuffer())
})

test('a damaged PNG is refused in words', async () => {
  const png = await sharp(red).png().toBuffer()
  const flipped = Buffer.from(png)
  flipped[20] = (flipped[20] ?? 0) ^ 1
  assert.throws(() => readChunks(flipped), /checksum of this PNG's IHDR/)
  assert.throws(() => readChunks(png.subarray(0, -5)), /ends in the middle/)
  assert.throws(() => readChunks(Buffer.from('GIF89a')), /not a PNG/)
})

test('checksums are CRC-32, in one go or in parts', () => {
  const data = Buffer.from('123456789')
  assert.is(crc32(data), 0xcbf43926)
  assert.is(crc32(data.subarray(4), crc32(data.subarray(0, 4))), 0xcbf43926)
})

test('a profile of ours is read, and sRGB changes no value', async () => {
  const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#c83264' } })
    .png()
    .toBuffer()
  const ours = Buffer.concat(described(png, colourOf('bt709', 'bt709'), {}))
  const [chunk] = readChunks(ours).filter(({ type }) => type === 'iCCP')
  const name = chunk?.data.indexOf(0) ?? 0
  const profile = inflateSync(chunk?.data.subarray(name + 2) ?? Buffer.alloc(0))
  assert.equal(new Uint8Array(profile), colourOf('bt709', 'bt709').profile)
  assert.is(profile.readUInt32BE(0), profile.length)
  const converted = await sharp(ours).withIccProfile('srgb').raw().toBuffer()
  for (const [i, value] of [200, 50, 100].entries()) assert.ok(Math.abs((converted[i] ?? 0) - value) <= 1)
})

test('other primaries are converted as their standards say', async () => {
  const image = sharp({ create: { width: 8, height: 8, channels: 3, background: '#3c9632' } })
  const p3 = Buffer.concat(described(await image.png().toBuffer(), colourOf('smpte432', 'bt709'), {}))
  const converted = await sharp(p3).withIccProfile('srgb').raw().toBuffer()
  // By hand, from the matrix of Display P3 to sRGB in linear light.
  for (const [i, value] of [0, 153, 26].entries()) assert.ok(Math.abs((converted[i] ?? 0) - value) <= 1)
})

test('curves are those of the standards', () => {
  assert.ok(Math.abs(pqToLinear(0.508078) - 0.01) < 1e-5, '100 cd/m² is 50.8 %')
  assert.is(pqToLinear(1), 1)
  assert.is(pqToLinear(0), 0)
  assert.ok(Math.abs(hlgToLinear(0.5) - 1 / 12) < 1e-9)
  assert.ok(Math.abs(hlgToLinear(1) - 1) < 1e-6)
})

test('every named colour makes a profile that lcms takes', async () => {
  const png = await sharp(red).png().toBuffer()
  for (const primaries of [
    null,
    'bt470m',
    'bt470bg',
    'smpte170m',
    'smpte240m',
    'film',
    'bt2020',
    'smpte431',
    'ebu3213',
    'strange',
  ])
    for (const transfer of [null, 'smpte2084', 'arib-std-b67', 'gamma28', 'linear']) {
      const tagged = Buffer.concat(described(png, colourOf(primaries, transfer), {}))
      const { data } = await sharp(tagged).withIccProfile('srgb').raw().toBuffer({ resolveWithObject: true })
      assert.is(data.length, 8 * 4 * 3, `${primaries} ${transfer}`)
    }
  assert.equal(colourOf('bt2020', 'smpte2084').cicp, { primaries: 9, transfer: 16 })
  assert.is(colourOf('bt709', 'bt709').name, 'sRGB')
})

test('MP4 tags are those that ffmpeg keeps', () => {
  const tags = mp4TagsOf(description)
  assert.is(tags.copyright, '© Yambo Studio')
  assert.is(tags.date, '2026-11-20')
  assert.is((JSON.parse(tags.comment ?? '') as { frame: number }).frame, 75)
})

test.run()
