import { rmSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import path from 'node:path'
import { mkdirSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { newKey } from '../../../db/keys.ts'
import { lastSurvey, searchRegistry } from '../../../db/registry.ts'
import type { NewFile, Session } from '../../../db/schema.ts'
import { createApp } from '../../../server/app.ts'
import { addSession } from '../../db/fixture.ts'
import { createServices, type TestServices } from '../services.ts'

interface Context {
  services: TestServices
  session: Session
  add(name: string, content: string, values?: Partial<NewFile>): Promise<string>
  ask(url: string, method?: string): Promise<string>
}

const registry = suite<Context>('registry of files')

registry.before.each(async (context) => {
  const services = await createServices()
  const { db, roots } = services
  const project = '26-11-20_Tide'
  mkdirSync(path.join(roots.output.path, project), { recursive: true })
  const session = await addSession(db, { output_root_id: roots.output.id, output_path: project })
  const app = createApp(services)
  const headers = { 'hx-request': 'true' }
  Object.assign(context, {
    services,
    session,
    async add(name: string, content: string, values: Partial<NewFile> = {}) {
      writeFileSync(path.join(roots.output.path, project, name), content)
      const key = newKey()
      const facts = { bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') }
      const place = { session_id: session.id, root_id: roots.output.id, path: `${project}/${name}` }
      await db
        .insertInto('file')
        .values({ key, role: 'clip', ...place, ...facts, ...values })
        .execute()
      return key
    },
    ask: async (url: string, method = 'GET') => (await app.request(url, { method, headers })).text(),
  })
})
registry.after.each(({ services }) => services.close())

registry('files are found by name, use, codec, session and size', async ({ add, ask, session }) => {
  await add('one.mp4', 'x'.repeat(2000), { codec: 'h264', bytes: 2_000_000 })
  await add('two%.jpg', 'y', { role: 'still_web', codec: 'mjpeg' })
  const names = async (query: string) =>
    [...(await ask(`/files?${query}`)).matchAll(/>([\w%]+\.(?:mp4|jpg))</g)].map(([, name]) => name)
  assert.equal(await names(''), ['two%.jpg', 'one.mp4'], 'the newest first')
  assert.match(await ask('/files'), /web still <span[^>]*>JPEG</i)
  assert.equal(await names('q=ONE'), ['one.mp4'])
  assert.equal(await names('q=%25'), ['two%.jpg'], 'a sign of LIKE is only itself')
  assert.equal(await names('role=still_web'), ['two%.jpg'])
  assert.equal(await names('codec=h264'), ['one.mp4'])
  assert.equal(await names(`session=${session.key}&least=1`), ['one.mp4'])
  assert.equal(await names('most=0,5'), ['two%.jpg'])
  assert.equal(await names('session=none'), [])
  assert.equal(
    await names('before=0&role=nonsense'),
    ['two%.jpg', 'one.mp4'],
    'what cannot be used is not there',
  )
})

registry(
  'pages go on from a row, and a word that stands nowhere is looked for to the end',
  async (context) => {
    for (let n = 1; n <= 7; n++) await context.add(`clip_${n}.mp4`, String(n))
    const { db } = context.services
    let pauses = 0
    const pause = async () => void pauses++
    const first = await searchRegistry(db, { words: 'clip' }, 3, pause)
    assert.equal(
      first.rows.map(({ path: place }) => path.basename(place)),
      ['clip_7.mp4', 'clip_6.mp4', 'clip_5.mp4'],
    )
    const second = await searchRegistry(db, { words: 'clip', before: first.next ?? 0 }, 3, pause)
    const third = await searchRegistry(db, { words: 'clip', before: second.next ?? 0 }, 3, pause)
    assert.equal([second.rows.length, third.rows.length, third.next], [3, 1, null])
    await db.updateTable('file').set({ id: 12_000 }).where('path', 'like', '%clip_7%').execute()
    assert.is((await searchRegistry(db, { words: 'nowhere' }, 3, pause)).rows.length, 0)
    assert.is(pauses, 2, 'between stretches of rows others have their turn')
  },
)

registry('a file is read again when asked: whole, changed, gone', async ({ add, ask, services }) => {
  const key = await add('one.mp4', 'the very bytes')
  const file = path.join(services.roots.output.path, '26-11-20_Tide/one.mp4')
  const check = async () => {
    let row = await ask(`/files/${key}/verify`, 'POST')
    for (const end = Date.now() + 30_000; row.includes('being read') && Date.now() < end;)
      row = await ask(`/files/${key}/row`)
    return row
  }
  assert.match(await check(), /verified <time/)
  writeFileSync(file, 'the evil bytes')
  assert.match(await check(), 'It has the size it was made with, but not the same bytes.')
  writeFileSync(file, 'short')
  assert.match(await check(), 'It has 5 bytes; it was made with 14.')
  rmSync(file)
  assert.match(await check(), 'not there')
  assert.match(await ask('/files?missing=1'), 'one.mp4')
  writeFileSync(file, 'the very bytes')
  assert.match(await check(), /verified <time/)
  assert.not.match(await ask('/files?missing=1'), 'one.mp4')
})

registry('a walk finds what is missing, and what nobody knows of', async ({ add, ask, services }) => {
  const { db, roots } = services
  await add('kept.mp4', 'kept')
  await add('gone.mp4', 'gone')
  await add('back.mp4', 'back', { missing_at: '2026-11-20 10:00:00.000' })
  const project = path.join(roots.output.path, '26-11-20_Tide')
  rmSync(path.join(project, 'gone.mp4'))
  mkdirSync(path.join(project, '.cutroom-work'))
  writeFileSync(path.join(project, '.cutroom-work/half.mp4'), 'half')
  mkdirSync(path.join(project, 'deep/er'), { recursive: true })
  writeFileSync(path.join(project, 'deep/er/<b>stray.mov'), 'stray')
  assert.match(await ask('/files/survey', 'POST'), /Looking: \d+ files so far|looked at/)
  for (const end = Date.now() + 20_000; (await lastSurvey(db))?.survey.state === 'running';) {
    if (Date.now() > end) throw new Error('The walk did not end.')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const { missing, strays, stray_bytes, whole } = (await lastSurvey(db))?.survey ?? {}
  assert.equal({ missing, strays, stray_bytes, whole }, { missing: 1, strays: 1, stray_bytes: 5, whole: 1 })
  const panel = await ask('/files/survey')
  assert.match(panel, '26-11-20_Tide/deep/er/&lt;b&gt;stray.mov')
  const page = await ask('/files?missing=1')
  assert.match(page, 'gone.mp4')
  assert.not.match(page, 'back.mp4')
})

registry.run()
