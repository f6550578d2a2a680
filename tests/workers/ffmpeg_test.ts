/**
 * How ffmpeg and ffprobe are started: with what they may read, see and take.
 */

import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { getPriority } from 'node:os'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { OperationError } from '../../workers/operation.ts'
import { ffmpeg, ffprobe, input } from '../../workers/ffmpeg.ts'
import { findTools } from '../../workers/tools.ts'
import { folder, make, tools, witness } from '../media.ts'

const test = suite('ffmpeg')

/** Something in ffmpeg's place that writes down how it was started. */
function pretender() {
  const place = folder()
  const binary = path.join(place, 'ffmpeg')
  const told = ['args', 'env', 'stdin', 'nice'].map((name) => path.join(place, name))
  const [args = '', env = '', stdin = '', nice = ''] = told
  const lines = [
    '#!/bin/sh',
    `printf '%s\\n' "$@" > '${args}'`,
    `/usr/bin/env > '${env}'`,
    `/bin/cat > '${stdin}'`,
    // The priority is lowered as soon as the child has a number.
    `/bin/sleep 0.3; /usr/bin/nice > '${nice}'`,
    `echo '{}'`,
  ]
  writeFileSync(binary, lines.join('\n'))
  chmodSync(binary, 0o755)
  return {
    binary,
    read: () => told.map((file) => readFileSync(file, 'utf8')) as [string, string, string, string],
  }
}

test('a child reads listed formats of plain files, sees no secret, hears no input and gives way', async () => {
  const { binary, read } = pretender()
  const environment = { TZ: 'UTC' }
  const pretended = { ...(await tools()), ffmpeg: binary, ffprobe: binary, environment }
  process.env.CUTROOM_TEST_SECRET = 'hunter2'
  const own = getPriority()
  for (const start of [
    () => ffmpeg(pretended, input('a.mov'), witness()),
    () => ffprobe(pretended, 'a.mov', [], witness()),
  ]) {
    await start()
    const [args, env, stdin, nice] = read()
    assert.match(args, /-protocol_whitelist\nfile,pipe\n-format_whitelist\n\S+\n/)
    assert.match(args, /-max_pixels\n\d+\n-max_alloc\n\d+\n-i\nfile:a\.mov\n/)
    const formats = /-format_whitelist\n(\S+)/.exec(args)?.[1]?.split(',') ?? []
    for (const one of [
      'hls',
      'concat',
      'dash',
      'sdp',
      'rtsp',
      'image2',
      'lavfi',
      'tty',
      'libopenmpt',
      'data',
      'imf',
      'webm_dash_manifest',
    ])
      assert.not.ok(formats.includes(one), one)
    assert.not.match(env, 'hunter2')
    assert.match(env, /^TZ=UTC$/m)
    assert.is(stdin, '')
    assert.is(Number(nice), Math.max(own, 10))
  }
  delete process.env.CUTROOM_TEST_SECRET
})

test('a header of a few bytes cannot make a child take gigabytes', async () => {
  const film = make('grown.gif', ['-f', 'lavfi', '-i', 'testsrc2=s=64x36:r=5:d=1'])
  const bytes = readFileSync(film)
  bytes.writeUInt32LE(0xffff_ffff, 6)
  writeFileSync(film, bytes)
  let most = 0
  const children = {
    started: () => undefined,
    ended: (_: number, { peakMemoryBytes }: { peakMemoryBytes: number }) => void (most = peakMemoryBytes),
  }
  const { signal } = new AbortController()
  const failed = await ffmpeg(await tools(), [...input(film), '-f', 'null', '-'], { signal, children }).then(
    () => false,
    () => true,
  )
  assert.ok(failed)
  assert.ok(most < 2e8, `${most} bytes`)
})

test('what the program found is told what children may see of the environment, and no more', async () => {
  const { ffmpeg: binary } = await tools()
  assert.equal((await findTools(binary, 1)).environment, {})
})

test('trouble of disk and folder is told from trouble with a film', async () => {
  const black = ['-f', 'lavfi', '-i', 'color=size=320x180:duration=1', '-f', 'rawvideo']
  for (const [args, code] of [
    [[...black, 'file:/dev/full'], 'disk_full'],
    [[...black, `file:${path.join(folder(), 'no', 'folder.raw')}`], 'gone'],
    [[...input(path.join(folder(), 'none.mov')), '-f', 'null', '-'], 'gone'],
    [['-f', 'lavfi', '-i', 'nothing', '-f', 'null', '-'], 'ffmpeg_failed'],
  ] as const) {
    if (code === 'disk_full' && !existsSync('/dev/full')) continue
    try {
      await ffmpeg(await tools(), [...args], witness())
      assert.unreachable(`${code}: it ended well`)
    } catch (error) {
      assert.is((error as OperationError).code, code, (error as Error).message)
    }
  }
})

test('a full disk that an old build does not take for a failure is one', async () => {
  const binary = path.join(folder(), 'ffmpeg')
  const words = '[error] Error writing trailer of file:a.mp4: No space left on device'
  writeFileSync(binary, `#!/bin/sh\necho '${words}' >&2\n`, { mode: 0o755 })
  try {
    await ffmpeg({ ...(await tools()), ffmpeg: binary }, [], witness())
    assert.unreachable('it ended well')
  } catch (error) {
    assert.is((error as OperationError).code, 'disk_full')
  }
})

test.run()
