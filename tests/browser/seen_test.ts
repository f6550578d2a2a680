/**
 * What is seen of an archive that was made, and of the house that made it; one archive of a tiny film serves all.
 */

import { copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright-core'
import * as assert from 'uvu/assert'
import { cutsClip, folder } from '../media.ts'
import { browserSuite, type Stage, until } from './browser.ts'
import { looksRight } from './looks.ts'

const seen = browserSuite('everything seen')

seen.test(
  'master and web version are compared: the line by mouse and by keys, another frame',
  async (stage) => {
    const page = await made(stage)
    await page.locator('.compare.over').scrollIntoViewIfNeeded()
    const split = () =>
      page.evaluate<string>(`document.querySelector('.compare').style.getPropertyValue('--split')`)
    const line = page.getByRole('slider', { name: 'Where the web version begins' })
    await line.press('ArrowRight')
    assert.is(await split(), '51%')
    await line.press('Home')
    assert.is(await split(), '0%')
    const box = await page.locator('.compare .pair').boundingBox()
    assert.ok(box)
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width / 4, box.y + box.height / 2, { steps: 3 })
    await page.mouse.up()
    assert.ok(Math.abs(Number.parseFloat(await split()) - 25) < 2, await split())
    await page.getByRole('slider', { name: 'Frame that is compared' }).press('Home')
    for (const side of ['The master', 'The web version'])
      await page.getByRole('img', { name: `${side}, frame 0` }).waitFor()
    await looksRight(page, 'session')
  },
)

seen.test('an output tells how it was made, and another still is remade alone', async (stage) => {
  const page = await made(stage, '/outputs')
  const fold = page.locator('details.lineage').last()
  await fold.locator('summary').click()
  await fold.locator('dt', { hasText: 'Preset' }).waitFor()
  await looksRight(page, 'outputs')
  const [cut] = await scenesOf(page)
  await page.goto(`${session}/stills?cut=${cut ?? ''}`)
  await page.getByRole('spinbutton', { name: 'Frame' }).fill('2')
  await page.getByRole('button', { name: 'Take it' }).click()
  await page.getByText('Still: frame 2, 00:00:00:02 (picked)').waitFor()
  await page.goto(`${session}/outputs`)
  await page.getByText(/files? (is|are) out of date/).waitFor()
  await looksRight(page, 'out of date')
  await page.getByRole('button', { name: /^Remake \d/ }).click()
  await page.locator('h1 + .state[data-state=completed]').waitFor({ timeout: 300_000 })
  await page.goto(`${session}/stale`)
  await page.getByText('Nothing: every output shows what its cuts').waitFor()
})

seen.test(
  'scenes are handed off: an EDL, a CSV, a contact sheet, and chapters that a player reads',
  async (stage) => {
    const page = await made(stage, '/handoff')
    const download = async (title: string) => {
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: `${title}: all scenes`, exact: true }).click(),
      ])
      return readFileSync(await file.path())
    }
    assert.match((await download('EDL (CMX 3600)')).toString(), /^TITLE: .*\n[^]*005 .* C /)
    assert.match((await download('CSV (PySceneDetect)')).toString(), /Scene Number,Start Frame[^]*\n5,81,/)
    assert.equal([...(await download('Contact sheet')).subarray(0, 2)], [0xff, 0xd8])
    assert.equal(await page.evaluate<string[]>(readChapters(`${session}/export/webvtt`)), [
      '0 0.8',
      '0.8 1.6',
      '1.6 2.4',
      '2.4 3.2',
      '3.2 4',
    ])
  },
)

seen.test(
  'the choice is opened again: a cut that is moved remakes the two clips beside it, and no more',
  async (stage) => {
    const page = await made(stage, '/outputs')
    const clips = async () => {
      await page.goto(`${session}/outputs`)
      return page.evaluate<string[]>(
        `[...document.querySelectorAll('[aria-label=Clips] video')].map(({ src }) => src)`,
      )
    }
    const before = await clips()
    assert.is(before.length, 5)
    const bytes = async (src: string) => Buffer.from(await (await page.request.get(src)).body())
    const [third, fourth, fifth] = await Promise.all(before.slice(2).map(bytes))
    await page.goto(session)
    await page.getByRole('button', { name: 'Change scenes' }).click()
    await page.waitForURL(/\/scenes$/)
    await page.locator('[data-readout]', { hasText: /^frame 0 · score/ }).waitFor()
    for (let n = 0; n < 3; n++) await page.keyboard.press('ArrowDown')
    await page.locator('.panel h2', { hasText: 'Scene 4' }).waitFor()
    await page.keyboard.press('.')
    await page.locator('li.scene[data-from="61"]').waitFor()
    await page.getByRole('button', { name: 'Remake what changed' }).click()
    await page.goto(session)
    await page.locator('h1 + .state[data-state=completed]').waitFor()
    const after = await clips()
    assert.equal(after, before, 'they keep their places')
    const [now3, now4, now5] = await Promise.all(after.slice(2).map(bytes))
    assert.ok(now5?.equals(fifth ?? Buffer.of()), 'what nothing changed is as it was')
    assert.not.ok(now3?.equals(third ?? Buffer.of()) || now4?.equals(fourth ?? Buffer.of()))
    await page.goto(`${session}/stale`)
    await page.getByText('Nothing: every output shows what its cuts').waitFor()
  },
)

seen.test('a choice that was opened again is left as it was', async (stage) => {
  const page = await made(stage)
  await page.getByRole('button', { name: 'Change scenes' }).click()
  await page.waitForURL(/\/scenes$/)
  await page.locator('[data-readout]', { hasText: /^frame 0 · score/ }).waitFor()
  const ticked = () => page.locator('input[name=scene]:checked').count()
  const before = await ticked()
  await page.locator('li.scene .tick input').first().uncheck()
  await page.locator('[data-turn=undo][title^="Undo: tick"]').waitFor()
  await looksRight(page, 'the room opened again')
  await page.goto(session)
  assert.is(await page.getByRole('link', { name: 'Cancel' }).count(), 0)
  await page.goto(`${session}/scenes`)
  await page.getByRole('button', { name: 'Leave the scenes as they were' }).click()
  await page.locator('h1 + .state[data-state=completed]').waitFor()
  assert.is(await ticked(), before)
})

seen.test('history is drawn and searched', async (stage) => {
  const page = await made(stage)
  const { url } = await stage.shared()
  await page.goto(`${url}/history`)
  assert.ok((await page.locator('main svg[role=img], main .chart, main .bars').count()) >= 2)
  await looksRight(page, 'history')
  await page.getByRole('searchbox').fill('seen')
  await page.getByRole('link', { name: 'Seen', exact: true }).waitFor()
})

seen.test('upkeep: health, a task, a dry clean-up, fixity, the log, the database', async (stage) => {
  const page = await made(stage)
  const { url } = await stage.shared()
  const open = async (place: string) => {
    await page.goto(`${url}/upkeep${place}`)
    await looksRight(page, `upkeep${place}`)
  }
  await open('')
  await open('/maintenance')
  await page
    .getByRole('button', { name: /^Run now/ })
    .first()
    .click()
  await page.locator('#runs-title').waitFor()
  await open('/retention')
  await page.getByRole('checkbox', { name: 'Their outputs, too' }).check()
  await page.getByRole('button', { name: 'Look again' }).click()
  await page.waitForURL(/outputs=delete/)
  await open('/fixity')
  await open('/log')
  await page.getByLabel('Level').selectOption({ index: 1 })
  await page.getByRole('button', { name: 'Show' }).click()
  await page.waitForURL(/level=/)
  await open('/database')
})

/** The ids of the cuts that scenes begin with. */
async function scenesOf(page: Page): Promise<string[]> {
  await page.goto(`${session}/scenes`)
  return page.evaluate(`[...document.querySelectorAll('li.scene')].map(({ dataset }) => dataset.cut)`)
}

/** Loads chapters as a browser does, into a video of nothing, and tells the times of its cues. */
const readChapters = (address: string) => `new Promise((resolve, reject) => {
  const track = Object.assign(document.createElement('track'), { kind: 'chapters', src: '${address}' })
  track.onload = () => resolve([...track.track.cues].map(({ startTime, endTime }) => startTime + ' ' + endTime))
  track.onerror = () => reject(new Error('the chapters could not be read'))
  const video = document.createElement('video')
  video.append(track)
  document.body.append(video)
  track.track.mode = 'hidden'
})`

let session = ''

async function made(stage: Stage, place = ''): Promise<Page> {
  const page = await stage.page({ viewport: { width: 1440, height: 900 } })
  if (session === '') session = await make(stage, page)
  await page.goto(session + place)
  return page
}

async function make(stage: Stage, page: Page): Promise<string> {
  const data = folder()
  mkdirSync(path.join(data, 'media'), { recursive: true })
  copyFileSync(cutsClip('reel.mp4', Array<number>(5).fill(20)), path.join(data, 'media', 'reel.mp4'))
  const { url } = await stage.shared({ data })
  await page.goto(`${url}/archives/new`)
  await page.getByRole('radio', { name: 'reel.mp4' }).check()
  await page.getByLabel('Artwork').fill('Seen')
  await page.getByRole('button', { name: 'Start' }).click()
  await page.waitForURL(/\/sessions\/\w+$/)
  await page.getByRole('button', { name: /^Make 5 clips/, disabled: false }).click({ timeout: 300_000 })
  await until(() => page.locator('h1 + .state[data-state=completed]').count(), 300_000)
  return page.url()
}

seen.run()
