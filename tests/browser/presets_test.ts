/**
 * Presets and settings as a person changes them: by mouse and by keyboard, on a desk and on a phone.
 */

import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import * as assert from 'uvu/assert'
import { cutsClip, folder } from '../media.ts'
import { browserSuite, type Stage, until } from './browser.ts'
import { isClean } from './looks.ts'

const pages = browserSuite('presets')

pages.test('a copy is made, mended where it was refused, saved by keyboard and deleted', async (stage) => {
  const { url } = await withAFilm(stage)
  const page = await stage.page()
  await page.goto(`${url}/presets`)
  await isClean(page, 'list')
  await page.getByRole('button', { name: 'Duplicate Ultra light' }).click()
  await page.getByRole('heading', { name: 'Ultra light (Copy)' }).waitFor()
  await isClean(page, 'form')
  const crf = page.getByRole('spinbutton', { name: 'CRF' })
  await crf.fill('99')
  await page.getByRole('textbox', { name: 'Name' }).fill('Feather')
  await page.keyboard.press('Shift+Enter')
  await page.getByText('It takes 0 to 51, not “99”').waitFor()
  await isClean(page, 'refused')
  assert.is(await page.getByRole('textbox', { name: 'Name' }).inputValue(), 'Feather')
  const size = page.getByRole('combobox', { name: 'Size, px' })
  const width = page.getByRole('spinbutton', { name: 'Size: width' })
  assert.is(await width.isVisible(), false)
  await size.selectOption('other')
  await width.fill('1280')
  await page.getByRole('spinbutton', { name: 'Size: height' }).fill('720')
  await crf.fill('24')
  await page.keyboard.press('Shift+Enter')
  await page.getByRole('link', { name: 'Feather', exact: true }).click()
  assert.is(await width.inputValue(), '1280')
  await page.getByRole('link', { name: 'Delete' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('heading', { name: 'Presets' }).waitFor()
  assert.is(await page.getByRole('link', { name: 'Feather', exact: true }).count(), 0)
})

pages.test('one is made new, seen on a frame, made the default, carried out and in again', async (stage) => {
  const page = await stage.page()
  const { url } = await withAFilm(stage)
  let goOn = () => undefined as void
  const answer = new Promise<void>((resolve) => (goOn = resolve))
  await page.goto(`${url}/presets`)
  await page.getByRole('link', { name: 'New preset' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Kiosk')
  await page.getByText('Try it on a frame').click()
  await page.getByRole('radio', { name: 'reel.mp4' }).check()
  await page.getByRole('spinbutton', { name: 'At second' }).fill('1')
  await page.route('**/presets/-/preview', async (route) => {
    await answer
    await route.continue()
  })
  const show = page.getByRole('button', { name: 'Show before and after' })
  await show.click()
  await page.getByText('Making it…').waitFor()
  assert.ok(await show.isDisabled(), 'one at a time')
  goOn()
  await page.getByRole('img', { name: 'The web still' }).waitFor()
  await page.getByText(/^about [\d.]+ Mbit\/s, [\d.]+ [KM]B a minute$/).waitFor()
  assert.not(await page.getByText('Making it…').isVisible())
  assert.ok(await show.isEnabled())
  const line = page.getByRole('slider', { name: 'How much of the frame before is shown' })
  await page.locator('.pair').click({ position: { x: 60, y: 40 } })
  const { width = 0 } = (await page.locator('.pair').boundingBox()) ?? {}
  assert.ok(
    Math.abs(Number(await line.inputValue()) - (100 * 60) / width) < 1.5,
    'the line is where the mouse was',
  )
  await line.press('Home')
  await isClean(page, 'before and after')
  await page.locator('h1').click()
  await page.keyboard.press('Shift+Enter')
  await page.getByRole('button', { name: 'Make Kiosk the default' }).click()
  await page.locator('tr', { hasText: 'Kiosk' }).getByText('default', { exact: true }).waitFor()
  await page.goto(`${url}/archives/new`)
  assert.ok(await page.getByRole('radio', { name: /^Kiosk/ }).isChecked())

  await page.goto(`${url}/presets`)
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export Kiosk' }).click(),
  ])
  const carry = async (text: string) => {
    const place = path.join(folder(), 'preset.json')
    writeFileSync(place, text)
    await page.locator('input[type=file]').setInputFiles(place)
    await page.getByRole('button', { name: 'Import' }).click()
  }
  const text = readFileSync(await file.path(), 'utf8')
  await carry(text)
  await until(async () => {
    await page.goto(`${url}/presets`)
    return (await page.getByRole('link', { name: /^Kiosk/ }).count()) === 2
  })
  await carry(text.replace(/"id":\s*"[^"]*",?/, ''))
  await page.getByText('it has no id').waitFor()
})

pages.test('names follow what is typed, on a phone, too', async (stage) => {
  const { url } = await withAFilm(stage)
  const page = await stage.page({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' })
  await page.goto(`${url}/settings`)
  await isClean(page, 'settings')
  const clips = page.getByRole('textbox', { name: 'Clips and groups' })
  await clips.fill('{type}-{seq}-{artwork}')
  await page.getByText('group-02-Tide-Study.mp4').waitFor()
  await clips.fill('{artwork}')
  await page.getByText('two files would be called Tide-Study.mp4').waitFor()
  assert.is(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true)
})

pages.test('the threshold follows the detector', async (stage) => {
  const { url } = await withAFilm(stage)
  const page = await stage.page()
  await page.goto(`${url}/archives/new`)
  await page.getByRole('radio', { name: /^hash/ }).check()
  const threshold = page.getByRole('spinbutton', { name: 'Threshold' })
  assert.equal(
    [await threshold.getAttribute('placeholder'), await threshold.getAttribute('max')],
    ['0.35', '1'],
  )
})

/** The server of all these tests, with a film to look at. */
function withAFilm(stage: Stage) {
  const data = folder()
  mkdirSync(path.join(data, 'media'), { recursive: true })
  copyFileSync(cutsClip('reel.mp4', Array<number>(5).fill(20)), path.join(data, 'media', 'reel.mp4'))
  return stage.shared({ data })
}

pages.run()
