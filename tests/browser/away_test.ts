/**
 * The review room while its server is away: nothing that was done is lost or shown as kept.
 */

import * as assert from 'uvu/assert'
import { browserSuite, until } from './browser.ts'
import { again, begin, scenes, studio } from './room.ts'

const away = browserSuite('a server that is away')

away.test('what is written and ticked is kept once it is back; what is not done is said', async (stage) => {
  const server = await stage.server(studio())
  const page = await stage.page({ viewport: { width: 1440, height: 900 } })
  await again(page, `${await begin(page, server)}/scenes`)
  const tick = page.locator('li.scene .tick input').nth(4)
  const star = page.locator('li.scene .star input').nth(5)
  const notice = (text: string) => page.locator('#notices', { hasText: text })
  await server.kill()

  await page.keyboard.press('t')
  await page.keyboard.type('Too dark')
  await page.keyboard.press('Escape')
  await notice('Cutroom is not reached. It is sent as soon as that is back.').waitFor()
  await page.getByRole('spinbutton', { name: 'Seconds' }).fill('2.5')
  await tick.uncheck()
  await star.dispatchEvent('click')
  await notice('It was not done: do it again when that is back.').waitFor()
  await until(async () => !(await star.isChecked()))
  await page.keyboard.press('s')
  await page.getByRole('spinbutton', { name: 'Threshold' }).fill('250')
  await page.getByRole('spinbutton', { name: 'Threshold' }).press('Enter')
  await until(async () => (await page.getByRole('spinbutton', { name: 'Threshold' }).inputValue()) !== '250')
  assert.is(await scenes(page), 9)

  await server.start()
  await page.locator('li.scene .note', { hasText: 'Too dark' }).waitFor()
  await until(async () => (await page.locator('#notices').innerText()) === '')
  await until(async () =>
    /^Undo: (ticks|note)/.test((await page.locator('[data-turn=undo]').getAttribute('title')) ?? ''),
  )
  await again(page)
  assert.is(await page.locator('li.scene .note').innerText(), 'Too dark')
  await until(async () => !(await tick.isChecked()))
  assert.is(await page.locator('input[name=scene]:checked').count(), 8)
})

away.test('three stars in a row all stand, however slow the server is', async (stage) => {
  const page = await stage.page({ viewport: { width: 1440, height: 900 } })
  await again(page, `${await begin(page, await stage.shared(studio()))}/scenes`)
  await page.route('**/cuts/*', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 300))
    await route.continue()
  })
  const stars = page.locator('li.scene .star input')
  for (const scene of [1, 3, 5, 7]) await stars.nth(scene).check({ force: true })
  await page.locator('[data-turn=undo][title^="Undo: star at 00:00:05:15"]').waitFor()
  await again(page)
  assert.is(await page.locator('li.scene .star input:checked').count(), 4)
})

away.run()
