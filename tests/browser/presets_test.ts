/**
 * Presets and settings as a person changes them: by mouse and by keyboard, on a desk and on a phone.
 */

import * as assert from 'uvu/assert'
import { browserSuite } from './browser.ts'
import { isClean } from './looks.ts'

const pages = browserSuite('presets')

pages.test('a copy is made, mended where it was refused, saved by keyboard and deleted', async (stage) => {
  const { url } = await stage.shared()
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

pages.test('names follow what is typed, on a phone, too', async (stage) => {
  const { url } = await stage.shared()
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
  const { url } = await stage.shared()
  const page = await stage.page()
  await page.goto(`${url}/archives/new`)
  await page.getByRole('radio', { name: /^hash/ }).check()
  const threshold = page.getByRole('spinbutton', { name: 'Threshold' })
  assert.equal(
    [await threshold.getAttribute('placeholder'), await threshold.getAttribute('max')],
    ['0.35', '1'],
  )
})

pages.run()
