/**
 * The whole path as a person walks it: a new archive, a choice by mouse and by keyboard, a clip played, the history.
 */

import { copyFileSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright-core'
import * as assert from 'uvu/assert'
import { cutsClip, folder } from '../media.ts'
import { browserSuite, pause, type Stage, until } from './browser.ts'
import { isClean } from './looks.ts'

const pages = browserSuite('pages')

pages.test('a first run offers the sample, and two clicks end in an archive that plays', async (stage) => {
  const server = await studio(stage)
  const page = await stage.page()
  await page.goto(server.url)
  await isClean(page, 'first run')
  await page.getByRole('button', { name: 'Try it with the sample' }).first().click()
  await page.waitForURL(/\/sessions\/\w+$/)
  await isClean(page, 'running')
  await page.locator('.state[data-state=completed]', { hasText: 'completed' }).first().waitFor()
  await until(() => page.locator('h1 + .state[data-state=completed]').count(), 180_000)
  await isClean(page, 'completed')

  await page.getByRole('link', { name: 'Outputs' }).click()
  const clip = page.locator('video').nth(1)
  await clip.waitFor()
  await isClean(page, 'outputs')
  const reached = await page.evaluate<number>(playAndSeek)
  assert.ok(Math.abs(reached - 0.8) < 0.05, `it stands at ${reached}`)

  await page.locator('[data-zoom]').nth(1).click()
  await isClean(page, 'a still')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Escape')
  assert.is(await page.locator('dialog[open]').count(), 0)

  await page.getByRole('link', { name: 'Log' }).click()
  await page.getByText('Settings used').first().click()
  await isClean(page, 'log')
  await page.getByRole('link', { name: 'History' }).click()
  await page.getByRole('link', { name: 'Sintel' }).waitFor()
  await isClean(page, 'history')
  await page.getByRole('searchbox').fill('nothing like it')
  await page.getByText('No session called').waitFor()
  await isClean(page, 'nothing found')
})

pages.test(
  'a choice is made by mouse: ranges, a group, its name and place, and on it goes',
  async (stage) => {
    const { page } = await atTheChoice(stage, 'By mouse')
    await isClean(page, 'choosing')
    const ticks = page.locator('input[name=scene]')
    const count = await ticks.count()
    assert.is(await page.locator('input[name=scene]:checked').count(), count, 'all are ticked at first')

    await page.getByRole('button', { name: 'None' }).click()
    await page.locator('.scene .frame').nth(1).click()
    await page
      .locator('.scene .frame')
      .nth(4)
      .click({ modifiers: ['Shift'] })
    assert.is(await page.locator('input[name=scene]:checked').count(), 4)
    await page.getByRole('button', { name: 'Make 4 clips' }).waitFor()

    await page.getByRole('button', { name: 'Group the ticked' }).click()
    const name = page.getByRole('textbox', { name: 'Name of group 1' })
    await name.fill('The bridge')
    await name.press('Enter')
    await page.getByRole('button', { name: 'Invert' }).click()
    await page.getByRole('button', { name: 'Group the ticked' }).click()
    await page.getByRole('button', { name: 'Move Group 2 up' }).click()
    await until(
      async () => (await page.locator('.group input[name=name]').nth(1).inputValue()) === 'The bridge',
    )
    await isClean(page, 'groups')
    await page.getByRole('button', { name: 'Remove Group 1' }).click()
    await until(async () => (await page.locator('.group').count()) === 1)

    const told = await page.locator('.tally output').innerText()
    assert.match(told, /about \d[\d.]* [KM]B of clips/)
    await page.reload()
    assert.is(await page.locator('input[name=scene]:checked').count(), count - 4, 'a reload shows the same')
    assert.is(await page.locator('.tally output').innerText(), told)
    // Straight from the field to the button: the name goes first, the choice after it.
    await name.fill('A last word')
    await page.getByRole('button', { name: `Make ${count - 4} clips and 1 group` }).click()
    await page.getByRole('heading', { name: 'Scenes', exact: true }).waitFor()
    await page.locator('.group').getByText('A last word').waitFor()
    assert.is(await page.locator('#notices').innerText(), '')
    assert.is(await page.locator('.tally:visible').count(), 0)
  },
)

pages.test('news that comes late never undoes what was ticked and grouped since', async (stage) => {
  const { page } = await atTheChoice(stage, 'Late news', { held: true })
  const ticked = () => page.locator('input[name=scene]:checked').count()
  await page.evaluate('held = []')
  await page.getByRole('button', { name: 'None' }).click()
  await until(() => page.evaluate(scenesTold))
  const told = page.waitForResponse((response) => response.request().method() === 'PATCH')
  // As all were at first: to the server's last word these look untouched when its next one comes.
  await page.evaluate(`
    for (const box of [...document.querySelectorAll('[name=scene]')].slice(1, 5)) box.click()
    for (const { tell } of held.splice(0)) tell()`)
  await told
  assert.is(await ticked(), 4)
  await until(() => page.evaluate(scenesTold))
  await page.getByRole('button', { name: 'Group the ticked' }).click()
  await page.locator('.group').waitFor()
  await page.evaluate('held.shift().tell()')
  // Long enough for it to be asked for anew, where the page finds it overtaken.
  await pause(500)
  assert.equal([await ticked(), await page.locator('.group').count()], [4, 1])
  await page.evaluate('for (const { tell } of held.splice(0)) tell()')
  await page.reload()
  assert.equal([await ticked(), await page.locator('.group').count()], [4, 1])
})

pages.test('a choice is made by keyboard alone', async (stage) => {
  const { page } = await atTheChoice(stage, 'By keys')
  const ticked = () => page.locator('input[name=scene]:checked').count()
  const count = await page.locator('input[name=scene]').count()
  await page.locator('body').press('ArrowDown')
  assert.is(await focusedScene(page), '1')
  await page.keyboard.press('Enter')
  assert.is(await ticked(), count, 'a scene is no button')
  await page.keyboard.press('i')
  assert.is(await ticked(), 0)
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('x')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Shift+X')
  assert.is(await ticked(), 3)
  await page.keyboard.press('Space')
  assert.is(await ticked(), 2)
  await page.keyboard.press('g')
  await page.locator('.group').waitFor()
  assert.is(await focusedScene(page), '4', 'the focus stays where it was')
  await page.keyboard.press('?')
  await isClean(page, 'keys')
  await page.keyboard.press('Escape')
  await page.keyboard.press('a')
  assert.is(await ticked(), count)
  await page.keyboard.press('Shift+Enter')
  await page.getByRole('heading', { name: 'Scenes', exact: true }).waitFor()
})

pages.test('what another tab ticks is seen here, and what is typed here stays', async (stage) => {
  const { page } = await atTheChoice(stage, 'Two tabs')
  await page.keyboard.press('g')
  const name = page.getByRole('textbox', { name: 'Name of group 1' })
  await name.pressSequentially('half a na')
  const other = await page.context().newPage()
  await other.goto(page.url())
  await other.locator('.scene .frame').first().click()
  await until(async () => !(await page.locator('input[name=scene]').first().isChecked()), 3000)
  assert.is(await name.inputValue(), 'half a na')
  assert.is(await page.locator('input[name=name]:focus').count(), 1)
})

pages.test('a form that is refused keeps what was typed and marks the field', async (stage) => {
  const { page } = await atTheForm(stage)
  await isClean(page, 'new archive')
  await page.getByLabel('Artwork').fill('Årets film')
  await page.getByLabel('Date').fill('26-13-20')
  await page.getByText('Only for this session').click()
  await page.getByLabel('Video CRF').fill('22')
  await page.getByRole('radio', { name: 'reel.mp4' }).check()
  await page.getByText('Space needed').waitFor()
  await page.getByRole('button', { name: 'Start' }).click()
  const date = page.getByLabel('Date')
  assert.is(await date.getAttribute('aria-invalid'), 'true')
  assert.is(await date.inputValue(), '26-13-20')
  assert.is(await page.locator('#field-date:focus').count(), 1)
  assert.is(await page.getByLabel('Artwork').inputValue(), 'Årets film')
  assert.is(await page.getByLabel('Video CRF').inputValue(), '22')
  assert.ok(await page.getByRole('radio', { name: 'reel.mp4' }).isChecked())
  await isClean(page, 'a refused form')
  await date.fill('26-12-20')
  await page.getByLabel('Any other setting').fill('video.size')
  await page.getByRole('button', { name: 'Start' }).click()
  assert.is(await page.getByLabel('Any other setting').getAttribute('aria-invalid'), 'true')
  await page.getByLabel('Any other setting').fill('video.size=320x180')
  await page.getByRole('button', { name: 'Start' }).click()
  await page.waitForURL(/\/sessions\/\w+$/)
  await page.getByText('video.crf 22').waitFor()
})

pages.test('without JavaScript the same is done, a page at a time', async (stage) => {
  const server = await studio(stage)
  const page = await stage.page({ javaScriptEnabled: false })
  const reloadedUntil = (what: () => Promise<unknown>) =>
    until(async () => (await page.reload(), await what()), 120_000)
  const upToTheChoice = async () => {
    await page.goto(`${server.url}/archives/new`)
    await page.getByRole('radio', { name: 'reel.mp4' }).check()
    await page.getByLabel('Artwork').fill('Plain')
    await page.getByRole('button', { name: 'Start' }).click()
    await page.waitForURL(/\/sessions\/\w+$/)
    const go = page.getByRole('button', { name: /^Make \d+ clips/, disabled: false })
    await reloadedUntil(() => go.count())
  }
  await upToTheChoice()
  const count = await page.locator('input[name=scene]').count()
  await page.getByRole('button', { name: 'None' }).click()
  assert.is(await page.locator('input[name=scene]:checked').count(), 0)
  await page.locator('input[name=scene]').nth(2).check()
  await page.locator('input[name=scene]').nth(3).check()
  await page.getByRole('button', { name: 'Group the ticked' }).click()
  assert.is(await page.locator('.group').count(), 1)
  assert.ok(count > 4)
  await page.locator('input[name=scene]').nth(0).check()
  await page
    .getByRole('button', { name: 'Go on without clips' })
    .or(page.getByRole('button', { name: /^Make/ }))
    .click()
  assert.match(await page.locator('.steps').innerText(), /1 of \d+ scenes, 1 group/)
  await reloadedUntil(() => page.locator('h1 + .state[data-state=completed]').count())
  // One that waits for its choice cannot end by itself before it is cancelled.
  await upToTheChoice()
  await page.getByRole('link', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: 'Cancel the session' }).click()
  await page.waitForURL(/\/sessions\/\w+$/)
  await reloadedUntil(() => page.getByRole('link', { name: 'Delete' }).count())
  await page.getByRole('link', { name: 'Delete' }).click()
  await page.getByRole('button', { name: 'Delete' }).click()
  await page.waitForURL(`${server.url}/`)
})

pages.test(
  'no page is wider than a phone, in light and in dark, nor finds axe anything there',
  async (stage) => {
    const { server, page: wide } = await atTheChoice(
      stage,
      'A name that is rather longer than any phone is wide, ååå',
    )
    const session = new URL(wide.url()).pathname
    const page = await stage.page({
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      // Colours are measured as they are, not on their way.
      reducedMotion: 'reduce',
    })
    const parts = ['', '/outputs', '/log', '/cancel', '/delete'].map((part) => session + part)
    for (const place of ['/', '/archives/new', '/history', '/nothing', ...parts]) {
      await page.emulateMedia({ colorScheme: 'light' })
      await page.goto(server.url + place)
      await isClean(page, `${place} in light`)
      const over = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
      assert.ok(over <= 0, `${place} is ${over} px too wide`)
      await page.emulateMedia({ colorScheme: 'dark' })
      await isClean(page, `${place} in dark`, ['color-contrast'])
    }
  },
)

/** The server of all these tests; nothing has run there before the first. */
function studio(stage: Stage) {
  const data = folder()
  mkdirSync(path.join(data, 'media', 'reference'), { recursive: true })
  copyFileSync(cutsClip('reel.mp4', Array<number>(9).fill(20)), path.join(data, 'media', 'reel.mp4'))
  return stage.shared({ data })
}

async function atTheForm(stage: Stage, { held = false } = {}) {
  const server = await studio(stage)
  const context = await stage.context()
  if (held) await context.addInitScript(holdNews)
  const page = await context.newPage()
  await page.goto(server.url)
  await page.locator('body').press('n')
  await page.waitForURL(/\/archives\/new$/)
  return { server, page }
}

/** Few that changed are told by themselves, without the grid around them. */
const scenesTold = `held.some(({ html }) => html.includes('name="scene"'))`

/** While `held` is a list, what the shared line tells is put there instead of being heard. */
const holdNews = `
  window.held = null
  window.BroadcastChannel = class extends BroadcastChannel {
    set onmessage(hear) {
      super.onmessage = (event) => {
        if (window.held && 'html' in event.data) window.held.push({ html: event.data.html, tell: () => hear(event) })
        else hear(event)
      }
    }
  }`

/** A new archive ordered by the form, up to where it waits for a person. */
async function atTheChoice(stage: Stage, artwork: string, options = {}) {
  const { server, page } = await atTheForm(stage, options)
  await page.getByRole('radio', { name: 'reel.mp4' }).check()
  await page.getByLabel('Artwork').fill(artwork)
  await page.getByRole('button', { name: 'Start' }).click()
  await page.waitForURL(/\/sessions\/\w+$/)
  // Not reloaded: the page hears of its scenes.
  await page.getByRole('button', { name: /^Make \d+ clips/, disabled: false }).waitFor()
  return { server, page }
}

const focusedScene = (page: Page) => page.evaluate<string>('document.activeElement?.value')

/** Plays the second video for a moment, seeks to its last fifth, and tells where it stands. */
const playAndSeek = `(async () => {
  const video = document.querySelectorAll('video')[1]
  video.muted = true
  await video.play()
  video.pause()
  const seeked = new Promise((resolve) => video.addEventListener('seeked', resolve, { once: true }))
  video.currentTime = video.duration * 0.8
  await seeked
  return video.currentTime / video.duration
})()`

pages.run()
