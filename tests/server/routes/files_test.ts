import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { rmSync, symlinkSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { createAdaptorServer } from '@hono/node-server'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openFiles } from '../disk/open_files.ts'
import { folder } from '../../media.ts'
import { createFilesRig, type FilesRig } from './rig.ts'

const awkward = `R&D – café's "final" 100%.mov`

const serving = suite<{ rig: FilesRig; open: number }>('files')

serving.before.each(async (context) => {
  context.open = openFiles()
  context.rig = await createFilesRig()
})
serving.after.each(async ({ rig, open }) => {
  assert.equal(rig.errors, [])
  // A file is closed a moment after its last byte was read.
  for (let i = 0; i < 100 && openFiles() !== open; i++)
    await new Promise((resolve) => setTimeout(resolve, 20))
  assert.is(openFiles(), open, 'a file was left open')
  await rig.close()
})

serving('a file is served by its key, whole, with what a player needs to know', async ({ rig }) => {
  const key = await rig.add(awkward, 'abcdefghij', { sha256: 'f'.repeat(64) })
  const answer = await rig.ask(`/files/${key}`)
  assert.is(await answer.text(), 'abcdefghij')
  assert.equal(
    ['content-type', 'content-length', 'accept-ranges', 'cache-control', 'x-content-type-options'].map(
      (name) => answer.headers.get(name),
    ),
    ['video/quicktime', '10', 'bytes', 'private, no-cache', 'nosniff'],
  )
  assert.match(answer.headers.get('etag') ?? '', /^"a-\w+-f{12}"$/)
  assert.match(answer.headers.get('content-disposition') ?? '', /^inline; /)
})

serving('ranges are answered in part, in all their forms', async ({ rig }) => {
  const key = await rig.add('clip.mp4', 'abcdefghij')
  const part = async (range: string) => {
    const answer = await rig.ask(`/files/${key}`, { range })
    return [answer.status, answer.headers.get('content-range'), await answer.text()]
  }
  assert.equal(await part('bytes=2-4'), [206, 'bytes 2-4/10', 'cde'])
  assert.equal(await part('bytes=7-'), [206, 'bytes 7-9/10', 'hij'])
  assert.equal(await part('bytes=-2'), [206, 'bytes 8-9/10', 'ij'])
  assert.equal(await part('bytes=10-'), [416, 'bytes */10', ''])
  assert.equal(await part('bytes=0-1,4-5'), [200, null, 'abcdefghij'])
  assert.equal(await part('bytes=4-2'), [200, null, 'abcdefghij'])
})

serving('HEAD tells what GET would, without the bytes', async ({ rig }) => {
  const key = await rig.add('clip.mp4', 'abcdefghij')
  const answer = await rig.ask(`/files/${key}`, {}, 'HEAD')
  assert.equal([answer.status, answer.headers.get('content-length'), await answer.text()], [200, '10', ''])
})

serving('what the browser has is not sent again, until it changes', async ({ rig }) => {
  const key = await rig.add('clip.mp4', 'abcdefghij')
  const etag = (await rig.ask(`/files/${key}`, {}, 'HEAD')).headers.get('etag') ?? ''
  assert.is((await rig.ask(`/files/${key}`, { 'if-none-match': etag })).status, 304)
  const range = { range: 'bytes=0-1', 'if-range': etag }
  assert.is(await (await rig.ask(`/files/${key}`, range)).text(), 'ab')
  writeFileSync(path.join(rig.roots.output.path, rig.session.output_path ?? '', 'clip.mp4'), 'ABCDEFGHIJ')
  assert.is(await (await rig.ask(`/files/${key}`, { 'if-none-match': etag })).text(), 'ABCDEFGHIJ')
  assert.is(await (await rig.ask(`/files/${key}`, range)).text(), 'ABCDEFGHIJ')
})

serving('a download keeps its name, however awkward', async ({ rig }) => {
  const key = await rig.add(awkward, 'x')
  const answer = await rig.ask(`/files/${key}?download`)
  assert.is(
    answer.headers.get('content-disposition'),
    `attachment; filename="R&D _ caf_'s _final_ 100_.mov"; ` +
      `filename*=UTF-8''R%26D%20%E2%80%93%20caf%C3%A9%27s%20%22final%22%20100%25.mov`,
  )
  assert.is(await answer.text(), 'x')
})

serving('what a browser could run is only ever a download', async ({ rig }) => {
  for (const name of ['page.html', 'picture.svg', 'page.xhtml', 'data.xml', 'code.js', 'unknown', 'a.pdf']) {
    const key = await rig.add(name, '<script>alert(1)</script>')
    const { headers } = await rig.ask(`/files/${key}`, {}, 'HEAD')
    assert.is(headers.get('content-type'), 'application/octet-stream', name)
    assert.match(headers.get('content-disposition') ?? '', /^attachment/, name)
    assert.is(headers.get('x-content-type-options'), 'nosniff', name)
  }
  const key = await rig.add('log.txt', '<script>alert(1)</script>')
  assert.is(
    (await rig.ask(`/files/${key}`, {}, 'HEAD')).headers.get('content-type'),
    'text/plain; charset=utf-8',
  )
})

serving('an empty file is served as what it is', async ({ rig }) => {
  const key = await rig.add('empty.txt', '')
  const answer = await rig.ask(`/files/${key}`)
  assert.equal([answer.status, answer.headers.get('content-length'), await answer.text()], [200, '0', ''])
})

serving('what is gone, unknown, or leads out of its root is not there', async ({ rig }) => {
  assert.equal(
    [(await rig.ask('/files/nothing')).status, await (await rig.ask('/files/nothing')).text()],
    [404, 'file_not_found'],
  )
  const outside = path.join(folder(), 'outside.mp4')
  writeFileSync(outside, 'secret')
  const project = path.join(rig.roots.output.path, rig.session.output_path ?? '')
  const gone = await rig.add('gone.mp4', 'x')
  rmSync(path.join(project, 'gone.mp4'))
  const link = await rig.add('link.mp4', 'x')
  rmSync(path.join(project, 'link.mp4'))
  symlinkSync(outside, path.join(project, 'link.mp4'))
  const up = await rig.add('up.mp4', 'x', { path: '../../secret.mp4' })
  for (const key of [gone, link, up]) assert.is((await rig.ask(`/files/${key}`)).status, 404)
})

serving('a ZIP holds every output under its name in the project', async ({ rig }) => {
  const contents = new Map([
    [`Video-clips/${awkward}`, 'a clip'],
    ['Stills/HQ/音の風景_HQ_01.png', Buffer.alloc(700_000, 7).toString()],
    ['empty.txt', ''],
  ])
  for (const [name, content] of contents) await rig.add(name, content)
  await rig.add('.cutroom/sheet_001.jpg', 'a sheet', { role: 'sheet' })
  const answer = await rig.ask(`/sessions/${rig.session.key}/files.zip`)
  const zip = new Uint8Array(await answer.arrayBuffer())
  assert.is(answer.headers.get('content-type'), 'application/zip')
  assert.is(Number(answer.headers.get('content-length')), zip.length)
  assert.match(answer.headers.get('content-disposition') ?? '', /^attachment; filename="26-11-20_Tide\.zip"/)
  const read = readZip(zip)
  if (read) assert.equal(read, Object.fromEntries(contents))
})

serving('a ZIP says which files are gone, instead of breaking', async ({ rig }) => {
  await rig.add('clip_01.mp4', 'one')
  await rig.add('clip_02.mp4', 'two')
  rmSync(path.join(rig.roots.output.path, rig.session.output_path ?? '', 'clip_02.mp4'))
  const answer = await rig.ask(`/sessions/${rig.session.key}/files.zip`)
  const zip = new Uint8Array(await answer.arrayBuffer())
  assert.is(Number(answer.headers.get('content-length')), zip.length)
  const read = readZip(zip)
  if (!read) return
  assert.equal(Object.keys(read), ['clip_01.mp4', 'MISSING FILES.txt'])
  assert.match(read['MISSING FILES.txt'] ?? '', /clip_02\.mp4/)
})

serving('a ZIP of nothing is an empty ZIP, and one of no session is not there', async ({ rig }) => {
  const answer = await rig.ask(`/sessions/${rig.session.key}/files.zip`)
  assert.is((await answer.arrayBuffer()).byteLength, 22)
  assert.is((await rig.ask('/sessions/nothing/files.zip')).status, 404)
  assert.is(
    (await rig.ask(`/sessions/${rig.session.key}/files.zip`, {}, 'HEAD')).headers.get('content-length'),
    '22',
  )
})

serving('a file that changes while its ZIP is sent breaks the ZIP', async ({ rig }) => {
  await rig.add('clip_01.mp4', 'one')
  await rig.add('clip_02.mp4', 'two')
  const answer = await rig.ask(`/sessions/${rig.session.key}/files.zip`)
  writeFileSync(path.join(rig.roots.output.path, rig.session.output_path ?? '', 'clip_02.mp4'), 'longer now')
  const error = await answer.arrayBuffer().then(
    () => null,
    (thrown: unknown) => thrown,
  )
  assert.match(String(error), /clip_02\.mp4 changed/)
})

serving('over HTTP, downloads that are broken off leave nothing open', async ({ rig, open }) => {
  const big = Buffer.alloc(64 << 20)
  const key = await rig.add('big.mp4', big)
  const server = createAdaptorServer({ fetch: rig.app.fetch })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const urls = [`/files/${key}`, `/sessions/${rig.session.key}/files.zip`]
  const gets = Array.from({ length: 20 }, (_, index) => breakOff(port, urls[index % 2] ?? '', index))
  await Promise.all(gets)
  for (let i = 0; i < 100 && openFiles() > open; i++) await new Promise((resolve) => setTimeout(resolve, 20))
  assert.is(openFiles(), open)
  const whole = await fetch(`http://127.0.0.1:${port}/files/${key}`)
  assert.is((await whole.arrayBuffer()).byteLength, big.length)
  const head = await fetch(`http://127.0.0.1:${port}/files/${key}`, { method: 'HEAD' })
  assert.equal([head.status, head.headers.get('content-length')], [200, String(big.length)])
  const part = await fetch(`http://127.0.0.1:${port}/files/${key}`, { headers: { range: 'bytes=-5' } })
  assert.equal([part.status, (await part.arrayBuffer()).byteLength], [206, 5])
  server.close()
  if ('closeAllConnections' in server) server.closeAllConnections()
})

serving.run()

/** Ends the connection before, at, or some way after the first bytes of the answer. */
async function breakOff(port: number, url: string, index: number): Promise<void> {
  const request = http.get({ port, host: '127.0.0.1', path: url, agent: false })
  request.on('error', () => undefined)
  const closed = new Promise((resolve) => request.once('close', resolve))
  if (index % 5 === 0) setTimeout(() => request.destroy(), 1)
  else {
    const [response] = (await once(request, 'response')) as [http.IncomingMessage]
    response.on('error', () => undefined)
    if (index % 5 === 1) response.destroy()
    else response.once('data', () => response.destroy())
  }
  await closed
}

/** The archive as Python reads it, which checks every CRC; null, said aloud, where there is no Python. */
function readZip(zip: Uint8Array): Record<string, string> | null {
  const file = path.join(folder(), 'read.zip')
  writeFileSync(file, zip)
  const script =
    'import zipfile,json,sys; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; ' +
    'print(json.dumps({n: z.read(n).decode() for n in z.namelist()}))'
  try {
    return JSON.parse(
      execFileSync('python3', ['-c', script, file], { maxBuffer: 1 << 26 }).toString(),
    ) as Record<string, string>
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    console.log('SKIPPED: reading the ZIP (no python3)')
    return null
  }
}
