import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createFilesRig, type FilesRig } from './rig.ts'

const assets = suite<{ rig: FilesRig }>('static')

assets.before.each(async (context) => void (context.rig = await createFilesRig()))
assets.after.each(({ rig }) => rig.close())

assets('htmx comes from its package, as a script, and is asked for again by its hash', async ({ rig }) => {
  const { status, headers } = await rig.ask('/static/vendor/htmx.js')
  assert.equal(
    [status, headers.get('content-type'), headers.get('cache-control')],
    [200, 'text/javascript; charset=utf-8', 'no-cache'],
  )
  const etag = headers.get('etag') ?? ''
  assert.match(etag, /^"[\da-f]{16}"$/)
  assert.is((await rig.ask('/static/vendor/htmx.js', { 'if-none-match': etag })).status, 304)
})

assets('an asset called by its hash is kept for good, by another not', async ({ rig }) => {
  const etag = (await rig.ask('/static/vendor/htmx.js')).headers.get('etag') ?? ''
  const cached = async (v: string) =>
    (await rig.ask(`/static/vendor/htmx.js?v=${v}`)).headers.get('cache-control')
  assert.is(await cached(etag.replaceAll('"', '')), 'public, max-age=31536000, immutable')
  assert.is(await cached('old'), 'no-cache')
})

assets('a module asks for what it imports by its version', async ({ rig }) => {
  const script = await (await rig.ask('/static/scenes.js')).text()
  const [, address = ''] = /from '\.\/(keep\.js\?v=[\da-f]{16})'/.exec(script) ?? []
  const { status, headers } = await rig.ask(`/static/${address}`)
  assert.equal([status, headers.get('cache-control')], [200, 'public, max-age=31536000, immutable'])
})

assets('what is no asset is not there, wherever it lies', async ({ rig }) => {
  const ways = [
    ...['nothing.css', '', '../package.json', '..%2fpackage.json', '%2e%2e/package.json', 'vendor/'],
    ...[
      'sample/sintel.mp4',
      'sample/CREDITS.md',
      '/etc/passwd',
      'constructor',
      '__proto__',
      'vendor/../vendor/x.js',
    ],
  ]
  for (const way of ways) assert.is((await rig.ask(`/static/${way}`)).status, 404, way)
})

assets.run()
