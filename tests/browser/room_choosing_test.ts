/**
 * Choosing in the review room: two at once, groups, notes, stills, lists of cuts, and cuts where detection failed.
 */

import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Locator, Page } from 'playwright-core'
import * as assert from 'uvu/assert'
import { bundledFfmpeg } from '../../workers/tools.ts'
import { folder } from '../media.ts'
import { until } from './browser.ts'
import { looksRight } from './looks.ts'
import { again, begin, frame, length, readout, roomSuite, scenes, studio, undoes, undone } from './room.ts'

const rooms = roomSuite('choosing in the review room')

rooms.test('two see each other’s ticks and cuts, and what would be lost is named first', async (stage) => {
  const page = await rooms.inTheRoom(stage)
  const other = await (await stage.context()).newPage()
  await other.goto(page.url())
  await other.locator('li.scene .tick input').nth(2).uncheck()
  await until(async () => !(await page.locator('li.scene .tick input').nth(2).isChecked()))
  await page.locator('li.scene .tick input').nth(1).uncheck()
  await until(async () => !(await other.locator('li.scene .tick input').nth(1).isChecked()))
  assert.not.ok(await page.locator('li.scene .tick input').nth(2).isChecked(), 'both stand')
  await other.locator('li.scene .star input').nth(3).check({ force: true })
  await until(() => page.locator('li.scene .star input').nth(3).isChecked())
  await other.locator('[data-readout]', { hasText: 'frame 0' }).waitFor()
  await other.keyboard.press('Shift+ArrowRight')
  await other.keyboard.press('s')
  await until(async () => (await scenes(page)) === 10)
  await undone(page, /^Undo: split at 00:00:00:10/, 9)
  await until(async () => (await scenes(other)) === 9)

  const threshold = page.getByRole('spinbutton', { name: 'Threshold' })
  const asked = page.locator('dialog[open]')
  const ask = async () => {
    await threshold.fill('250')
    await threshold.press('Enter')
    await asked.getByText('The star of scene 4').waitFor()
  }
  await ask()
  await asked.getByRole('button', { name: 'Keep it as it is' }).click()
  await until(async () => (await threshold.inputValue()) !== '250')
  assert.is(await scenes(page), 9)
  await ask()
  await page.keyboard.press('Escape')
  await until(async () => (await threshold.inputValue()) !== '250')
  await page.locator('[data-trial]', { hasText: /^9 scenes at/ }).waitFor()
  await ask()
  await asked.getByRole('button', { name: 'Cut at 250' }).click()
  await until(async () => (await scenes(page)) === 1)
  await until(async () => (await asked.count()) === 0)
  await undone(page, /^Undo: cuts by content at 250/, 9)
  assert.ok(await page.locator('li.scene .star input').nth(3).isChecked(), 'undo brings the star back')
})

rooms.test('a note on a scene that another took away is told of with its text', async (stage) => {
  const page = await rooms.inTheRoom(stage)
  const other = await (await stage.context()).newPage()
  await again(other, page.url())
  await page.keyboard.press('ArrowDown')
  await page.locator('.panel h2', { hasText: 'Scene 2' }).waitFor()
  await page.keyboard.press('t')
  await page.keyboard.type('The best of all')
  await other.keyboard.press('ArrowDown')
  await other.locator('.panel h2', { hasText: 'Scene 2' }).waitFor()
  await other.keyboard.press('Shift+M')
  await until(async () => (await scenes(page)) === 8)
  await page.keyboard.press('Escape')
  await page.getByRole('alert').getByText('Yours was not kept: “The best of all”.').waitFor()
  await undone(other, /^Undo: merge/, 9)
})

rooms.test('groups are put in order by dragging and by keys, and played as one', async (stage) => {
  const page = await rooms.inTheRoom(stage)
  const group = async (name: string, numbers: number[]) => {
    await page.getByRole('button', { name: 'None' }).click()
    for (const number of numbers)
      await page
        .locator('li.scene .tick input')
        .nth(number - 1)
        .check()
    const count = await page.locator('.group').count()
    await page.keyboard.press('g')
    const field = page.getByRole('textbox', { name: `Name of group ${count + 1}` })
    await field.fill(name)
    await field.press('Enter')
    await undoes(page, /^Undo: name of/).waitFor()
  }
  await group('Chase', [2, 5, 7])
  await group('Night', [2, 3])
  const names = () =>
    page.evaluate<string[]>(
      `[...document.querySelectorAll('.group input[name=name]')].map(({ value }) => value)`,
    )
  const members = () =>
    page
      .locator('.group', { has: page.locator('[aria-label^="Name of group 1"]') })
      .locator('[data-member] b')
      .allInnerTexts()
  const are = (what: () => Promise<string[]>, wanted: string) =>
    until(async () => (await what()).join() === wanted)

  await page.getByRole('button', { name: 'Move Night up' }).press('Enter')
  await are(names, 'Night,Chase')
  await drag(page, page.locator('.group').nth(1), page.locator('.group').nth(0))
  await are(names, 'Chase,Night')
  await drag(
    page,
    page.locator('.group').first().locator('[data-member]').nth(2),
    page.locator('.group').first().locator('[data-member]').nth(0),
  )
  await are(members, '7,2,5')
  await page.locator('.group').first().getByRole('button', { name: 'Play scene 5 earlier' }).press('Enter')
  await are(members, '7,5,2')
  await looksRight(page, 'groups')

  await page.evaluate(watchFrames)
  await page.getByRole('button', { name: 'Play Chase as one clip' }).click()
  await page.getByRole('button', { name: 'Pause', exact: true }).waitFor()
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor()
  assert.is(await frame(page), 2 * length - 1)
  const played = await page.evaluate<number[]>(
    '[...new Set(played.map((frame) => 1 + Math.floor(frame / 20)))]',
  )
  assert.equal(played, [7, 5, 2])

  await page.locator('h1').click()
  const last = () => page.locator('form:has([data-turn=undo]) [name=edit]').inputValue()
  while ((await page.locator('.group').count()) > 0) {
    const undone = await last()
    await page.keyboard.press('z')
    await until(async () => (await last()) !== undone)
  }
})

rooms.test('a note is found again, cuts are loaded from a list, a still is picked', async (stage) => {
  const page = await rooms.inTheRoom(stage)
  const room = page.url()
  await page.keyboard.press('ArrowDown')
  await page.locator('.panel h2', { hasText: 'Scene 2' }).waitFor()
  await page.keyboard.press('t')
  await page.keyboard.type('Too shaky, but the light!')
  await page.keyboard.press('Tab')
  await page.locator('li.scene .note', { hasText: 'the light' }).waitFor()
  await page.locator('h1').click()
  await page.keyboard.press('/')
  await page.keyboard.type('LIGHT')
  assert.equal(await page.locator('li.scene:visible b').allInnerTexts(), ['2'])
  await page.getByRole('searchbox', { name: 'Search notes' }).fill('7')
  assert.equal(await page.locator('li.scene:visible b').allInnerTexts(), ['7'])
  const ticked = () => page.locator('[name=scene]:checked').count()
  const before = await ticked()
  await page.getByRole('button', { name: 'Invert' }).click()
  await until(async () => Math.abs((await ticked()) - before) === 1)
  await page.getByRole('button', { name: 'Invert' }).click()
  await until(async () => (await ticked()) === before)
  await page.getByRole('searchbox', { name: 'Search notes' }).fill('nowhere')
  await page.getByText('No scene has such a note, group or number.').waitFor()
  await page.getByRole('searchbox', { name: 'Search notes' }).fill('')
  await page.getByText('No scene has such a note, group or number.').waitFor({ state: 'hidden' })
  assert.is(await page.locator('li.scene:visible').count(), 9)

  await page.locator('.panel h2', { hasText: 'Scene 2' }).waitFor()
  await page.getByRole('link', { name: 'Pick its still' }).click()
  await page.getByText(/^Still: frame \d+, .* \(in the middle\)/).waitFor()
  await looksRight(page, 'stills')
  await page.locator('.stills button').last().click()
  await page.getByText(/\(picked\)$/).waitFor()
  const field = page.getByRole('spinbutton', { name: 'Frame' })
  await field.fill('25')
  await field.press('Enter')
  await page.getByText('Still: frame 25, 00:00:01:00 (picked)').waitFor()
  await page.getByRole('button', { name: 'One frame later' }).click()
  await page.getByText('Still: frame 26, 00:00:01:01 (picked)').waitFor()

  await page.goto(room.replace('/scenes', '/handoff'))
  const list = path.join(folder(), 'cuts.csv')
  writeFileSync(list, csv([0, 10, 20, 53, 180]))
  await page.getByLabel('List').setInputFiles(list)
  await page.getByRole('button', { name: 'Load' }).click()
  await page.getByText('The list names 4 scenes; 2 cuts came new.').waitFor()
  await looksRight(page, 'hand-off')
  await again(page, room)
  assert.is(await scenes(page), 11)
  await page.locator('.panel', { hasText: 'Cuts' }).getByText('8 found, 2 by hand').waitFor()
  await undone(page, /^Undo: 4 cuts from a file/, 9)
})

rooms.test('where detection failed, cuts are set by hand and clips come of them', async (stage) => {
  const page = await stage.page({ viewport: { width: 1440, height: 900 } })
  const address = await begin(page, await stage.server(studio({ CUTROOM_FFMPEG: withoutDetection() })))
  await page.goto(`${address}/scenes`)
  await page.locator('[data-readout]', { hasText: /^frame 0/ }).waitFor()
  assert.is(await scenes(page), 1)
  await looksRight(page, 'the room without scores')
  await page.locator('body').press('ArrowRight')
  for (let i = 1; i < length; i++) await page.keyboard.press('ArrowRight')
  await readout(page, new RegExp(`^frame ${length}`))
  await page.keyboard.press('s')
  await until(async () => (await scenes(page)) === 2)
  await page.getByRole('button', { name: 'Make 2 clips' }).click()
  await page.goto(address)
  await page.locator('h1 + .state', { hasText: 'completed, 1 problem' }).waitFor()
  await page.goto(`${address}/outputs`)
  await page.locator('video').nth(1).waitFor()
})

/** An ffmpeg that breaks off whenever every frame is to be read. */
function withoutDetection(): string {
  const file = path.join(folder(), 'ffmpeg')
  const lines = [
    '#!/bin/sh',
    'case "$*" in *rawvideo*pipe:3*) exit 1;; esac',
    `exec '${bundledFfmpeg()}' "$@"`,
  ]
  writeFileSync(file, lines.join('\n'), { mode: 0o755 })
  return file
}

/** To the near edge of another: before it. */
async function drag(page: Page, from: Locator, to: Locator): Promise<void> {
  await from.dragTo(to, { sourcePosition: { x: 4, y: 4 }, targetPosition: { x: 3, y: 3 } })
  await until(() =>
    page
      .locator('[data-dragged]')
      .count()
      .then((count) => count === 0),
  )
}

const watchFrames = `
  played = []
  new MutationObserver(() => played.push(Number(/frame (\\d+)/.exec(document.querySelector('[data-readout]').textContent)[1])))
    .observe(document.querySelector('[data-readout]'), { childList: true, characterData: true, subtree: true })`

/** As PySceneDetect writes it: from each to the next. */
const csv = (frames: number[]) =>
  ['Scene Number,Start Frame,Start Timecode,Start Time (seconds),End Frame,End Timecode,End Time (seconds)']
    .concat(
      frames.slice(0, -1).map((from, i) => `${i + 1},${from + 1},,${from / 25},${frames[i + 1] ?? 0},,`),
    )
    .join('\n')

rooms.run()
