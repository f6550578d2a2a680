import sharp from 'sharp'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { scenesOf } from '../../../db/scenes.ts'
import type { Session } from '../../../db/schema.ts'
import { createApp } from '../../../server/app.ts'
import { handOffFormats } from '../../../workers/media/handoff/mod.ts'
import { builtinPresets } from '../../../workers/media/presets.ts'
import { probeFile } from '../../../workers/probe_file.ts'
import { addArchive, rows } from '../../db/fixture.ts'
import { cutsClip, tools, witness } from '../../media.ts'
import { createServices, type TestServices } from '../services.ts'

interface Context {
  services: TestServices
  session: Session
  ask: (path: string, init?: RequestInit) => Promise<Response>
  load: (list: string, name?: string) => Promise<Response>
}

const handoff = suite<Context>('handing off')

/** An archive of 1,000 frames at 25 a second, four scenes, three of them ticked, that waits for its choice. */
handoff.before.each(async (context) => {
  context.services = await createServices()
  const { db, roots } = context.services
  const app = createApp(context.services)
  const artwork = `R&D – café's "final" 100%`
  const preset_settings = JSON.stringify(builtinPresets[0]?.settings)
  const values = { output_root_id: roots.output.id, artwork, preset_settings }
  context.session = await addArchive(db, { status: 'waiting', ...values })
  const probe = await probeFile(cutsClip('two.mp4', [10, 30]), await tools(), witness())
  await db
    .updateTable('file')
    .set({ probe: JSON.stringify(probe) })
    .where('role', '=', 'source')
    .execute()
  await rows(db, `update operation set status = 'waiting' where name = 'choose' returning id`)
  await rows(db, `update cut set note = '<b>&' where frame = 250 returning id`)
  context.ask = async (path, init) => app.request(`/sessions/${context.session.key}${path}`, init)
  context.load = (list, name = 'list.txt') => {
    const body = new FormData()
    body.set('list', new File([list], name))
    return context.ask('/import', { method: 'POST', body })
  }
})
handoff.after.each(({ services }) => services.close())

handoff('the page offers every format for all scenes, ticked ones and groups', async ({ ask, session }) => {
  const page = await (await ask('/handoff')).text()
  for (const name of [...handOffFormats.map((format) => format.name), 'sheet.jpg', 'sheet.html'])
    for (const query of ['', '?what=selection', '?what=group&amp;group='])
      assert.match(page, `/sessions/${session.key}/export/${name}${query}`)
})

handoff('every format is a download that is named after the artwork', async ({ ask }) => {
  for (const { name, ending, type } of handOffFormats) {
    const answer = await ask(`/export/${name}`)
    assert.is(answer.status, 200, name)
    assert.is(answer.headers.get('content-type'), type)
    const named = answer.headers.get('content-disposition') ?? ''
    assert.match(named, `filename*=UTF-8''R%26D%20%E2%80%93%20caf%C3%A9%27s%20%22final%22%20100%25.${ending}`)
  }
})

handoff('a selection leaves out what is not ticked, a group keeps its order', async ({ ask, services }) => {
  const numbers = async (query: string) => {
    const { scenes } = (await (await ask(`/export/json?${query}`)).json()) as { scenes: { number: number }[] }
    return scenes.map(({ number }) => number)
  }
  assert.equal(await numbers('what=scenes'), [1, 2, 3, 4])
  assert.equal(await numbers('what=selection'), [1, 2, 3])
  const [group] = await rows<{ key: string }>(services.db, 'select key from scene_group')
  assert.equal(await numbers(`what=group&group=${group?.key}`), [3, 4])
})

handoff('what does not exist is refused in words', async ({ ask }) => {
  const refusals = [
    '/export/docx',
    '/export/csv?what=group',
    '/export/csv?what=group&group=none',
    '/export/csv?what=x',
  ]
  for (const path of refusals) assert.ok([404, 422].includes((await ask(path)).status), path)
  assert.match(await (await ask('/export/docx')).text(), /there is no format “docx”/)
})

handoff('a contact sheet is one JPEG, or one page that runs nothing', async ({ ask }) => {
  const jpeg = await sharp(await (await ask('/export/sheet.jpg')).arrayBuffer()).metadata()
  assert.is(jpeg.format, 'jpeg')
  const page = await (await ask('/export/sheet.html')).text()
  assert.match(page, /&lt;b&gt;&amp;/)
  assert.not.match(page, /<script|https?:|<b>&/)
  assert.is(page.match(/<li>/g)?.length, 4)
  assert.match(page, /<ol>\s*<li>[^]*<\/li>\s*<\/ol><\/body><\/html>\s*$/)
  assert.is(page.match(/<\/html>/g)?.length, 1)
  assert.match(page, /00:00:10:00 · 10\.0 s/)
})

handoff(
  'cuts of a list are added, what is there stays as it is, and undo takes them back',
  async (context) => {
    const { load, ask, services, session } = context
    const answer = await load('100\n250\n00:00:30:00\n')
    assert.is(answer.status, 303)
    assert.match(answer.headers.get('location') ?? '', /handoff\?scenes=4&added=1$/)
    const scenes = await scenesOf(services.db, session.id)
    assert.equal(
      scenes.map(({ start_frame, origin }) => [start_frame, origin]),
      [
        [0, 'start'],
        [100, 'import'],
        [250, 'detector'],
        [500, 'detector'],
        [750, 'detector'],
      ],
    )
    assert.is(scenes[2]?.note, '<b>&')
    assert.is(scenes[1]?.start_time, 4)
    const [edit] = await rows<{ id: number }>(services.db, 'select id from edit order by id desc limit 1')
    const undone = await ask('/undo', {
      method: 'POST',
      body: new URLSearchParams({ edit: String(edit?.id) }),
    })
    assert.ok(undone.status < 400)
    assert.is((await scenesOf(services.db, session.id)).length, 4)
  },
)

handoff(
  'a list that cannot be used names its line, and changes nothing',
  async ({ load, services, session }) => {
    const answer = await load('100\nsoon\n')
    assert.is(answer.status, 422)
    assert.match(
      await answer.text(),
      /<h2 id="import-title">[^]*Nothing was loaded:<\/b> Line 2: “soon” is neither/,
    )
    assert.is((await load('1000')).status, 422)
    assert.is((await load('')).status, 422)
    assert.is((await scenesOf(services.db, session.id)).length, 4)
  },
)

handoff('once the choice is made no list is taken', async ({ load, ask, services }) => {
  await rows(services.db, `update operation set status = 'completed' where name = 'choose' returning id`)
  assert.is((await load('100')).status, 409)
  assert.not.match(await (await ask('/handoff')).text(), /type="file"|type='file'/)
})

handoff('a list may be as long as that of a long film, and no longer', async ({ load }) => {
  assert.is((await load(`# ${'x'.repeat(2e6)}\n100`)).status, 303)
  assert.is((await load('1'.repeat(5e6))).status, 413)
})

handoff.run()
