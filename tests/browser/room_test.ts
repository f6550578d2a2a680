/**
 * The review room as a person works in it: the line, keys, cuts by hand, undo, groups, stills, two at once, a phone.
 */

import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Locator, Page } from 'playwright-core'
import * as assert from 'uvu/assert'
import { bundledFfmpeg } from '../../workers/tools.ts'
import { cutsClip, folder } from '../media.ts'
import { browserSuite, type Server, type Stage, until } from './browser.ts'
import { looksRight } from './looks.ts'

const rooms = browserSuite('the review room')

/** Frames of each of the nine scenes. */
const length = 20

rooms.test(
  'the line is dragged: scenes are counted meanwhile, letting go cuts, and undo brings them back',
  async (stage) => {
    const page = await inTheRoom(stage)
    await looksRight(page, 'the room')
    const before = await scenes(page)
    assert.is(before, 9)
    const { box, lineY } = await timeline(page)
    await page.mouse.move(box.x + 300, box.y + lineY)
    await page.mouse.down()
    await page.mouse.move(box.x + 300, box.y + 83, { steps: 4 })
    await page.locator('[data-trial]', { hasText: /^1 scene at/ }).waitFor()
    assert.is(await scenes(page), before, 'nothing is cut before it is let go')
    await page.mouse.up()
    await until(async () => (await scenes(page)) === 1)
    await undone(page, /^Undo: cuts by content/, before)

    // By keys, the knob beside it does the same.
    await page.getByRole('slider', { name: 'Threshold' }).press('End')
    await until(async () => (await scenes(page)) === 1)
    await undone(page, /^Undo: cuts by content/, before)
  },
)

rooms.test('another detector and a longer shortest scene cut anew, each undone', async (stage) => {
  const page = await inTheRoom(stage)
  await page.getByRole('radio', { name: /^Threshold/ }).check()
  await undoes(page, /^Undo: cuts by threshold at 12/).waitFor()
  await until(async () => (await scenes(page)) === 1)
  await undone(page, /^Undo: cuts by threshold/, 9)
  assert.ok(await page.getByRole('radio', { name: /^Content/ }).isChecked())

  const shortest = page.getByLabel('Shortest, frames')
  await shortest.fill(String(2 * length))
  await page.locator('[data-trial]', { hasText: /^1 scene at/ }).waitFor()
  await shortest.press('Enter')
  await until(async () => (await scenes(page)) === 1)
  await undone(page, /^Undo: .* shortest 40 frames$/, 9)
})

rooms.test(
  'the timeline is zoomed and scrolled, by mouse and by keys, and says what is under the mouse',
  async (stage) => {
    const page = await inTheRoom(stage)
    const { box } = await timeline(page)
    const pan = page.getByRole('slider', { name: 'Scroll the timeline' })
    const frameAt = async (x: number) => {
      await page.mouse.move(box.x + x, box.y + 150)
      return Number(/frame (\d+)/.exec(await page.locator('[data-hover]').innerText())?.[1])
    }
    assert.is(await pan.isVisible(), false, 'all of it is in sight')
    assert.equal([await frameAt(1), await frameAt(box.width - 1)], [0, 9 * length - 1])
    await page.keyboard.down('Control')
    await page.mouse.move(box.x + box.width / 2, box.y + 150)
    await page.mouse.wheel(0, -200)
    await page.keyboard.up('Control')
    await until(() => pan.isVisible())
    const [first, last] = [await frameAt(1), await frameAt(box.width - 1)]
    assert.ok(first > 40 && last < 140, `frames ${first} to ${last} are in sight`)
    await pan.press('End')
    await until(async () => (await frameAt(box.width - 1)) === 9 * length - 1)
    await page.mouse.wheel(-3000, 0)
    await until(async () => (await frameAt(1)) === 0)
    await page.getByRole('button', { name: 'Zoom out' }).click()
    await page.locator('h1').click()
    await page.keyboard.press('Shift+Equal')
    await page.keyboard.press('Shift+Equal')
    assert.ok(await pan.isVisible())
    await page.keyboard.press('0')
    assert.equal([await pan.isVisible(), await frameAt(box.width - 1)], [false, 9 * length - 1])

    await page.mouse.click(box.x + (box.width * 50.5) / (9 * length), box.y + 30)
    await readout(page, /^frame 50 · score \d/)
    await page.locator('.panel h2', { hasText: 'Scene 3' }).waitFor()
    await page.mouse.click(box.x + (box.width * 40.2) / (9 * length), box.y + 30)
    await page.locator('[data-cut-score][data-score^=", score"]', { hasText: 'content' }).waitFor()
  },
)

rooms.test(
  'by keys: frames, play, a split, a cut moved, a merge, undone and redone across reloads',
  async (stage) => {
    const page = await inTheRoom(stage)
    await page.locator('body').press('ArrowRight')
    for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowRight')
    await readout(page, /^frame 5 · score \d/)
    await page.keyboard.press('s')
    await until(async () => (await scenes(page)) === 10)
    assert.is(await page.locator('li.scene').nth(1).getAttribute('data-origin'), 'hand')
    await page.locator('.panel h2', { hasText: 'Scene 2' }).waitFor()
    const cutAt = (from: number) =>
      until(async () => (await page.locator('li.scene').nth(1).getAttribute('data-from')) === String(from))
    await page.keyboard.press('.')
    await undoes(page, /^Undo: move of the cut at 00:00:00:05/).waitFor()
    await cutAt(6)
    await readout(page, /^frame 6/)
    await page.keyboard.press('.')
    await cutAt(7)
    await readout(page, /^frame 7/)
    await page.keyboard.press(',')
    await cutAt(6)
    await undoes(page, /^Undo: move of the cut at 00:00:00:07/).waitFor()
    for (const at of ['07', '06', '05'])
      await undone(page, new RegExp(`^Undo: move of the cut at 00:00:00:${at}`), 10)
    await page.keyboard.press('ArrowUp')
    await page.locator('.panel h2', { hasText: 'Scene 1' }).waitFor()
    await page.keyboard.press('m')
    await until(async () => (await scenes(page)) === 9)
    await again(page)
    await undone(page, /^Undo: merge at 00:00:00:05/, 10)
    await undone(page, /^Undo: split at 00:00:00:05/, 9)
    await again(page)
    await page.getByRole('button', { name: /^Redo: split/ }).waitFor()
    await page.keyboard.press('Shift+Z')
    await until(async () => (await scenes(page)) === 10)
    await undone(page, /^Undo: split at 00:00:00:05/, 9)

    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('l')
    await until(async () => (await frame(page)) > length + 1)
    await page.keyboard.press('k')
    await page.keyboard.press('j')
    await until(async () => (await frame(page)) <= length)
    await page.keyboard.press('k')
  },
)

rooms.test(
  'by keys: the scene at the playhead is ticked, the grid is walked, a note is left',
  async (stage) => {
    const page = await inTheRoom(stage)
    const isTicked = (number: number) =>
      page
        .locator('li.scene .tick input')
        .nth(number - 1)
        .isChecked()
    await page.locator('body').press('ArrowDown')
    await page.locator('.panel h2', { hasText: 'Scene 2' }).waitFor()
    await page.keyboard.press('x')
    assert.not.ok(await isTicked(2))
    await page.keyboard.press('x')
    assert.ok(await isTicked(2))
    await page.locator('li.scene .tick input').nth(1).focus()
    await page.keyboard.press('ArrowRight')
    await readout(page, new RegExp(`^frame ${2 * length}`))
    await page.locator('.panel h2', { hasText: 'Scene 3' }).waitFor()
    await page.locator('h1').click()
    await page.keyboard.press('t')
    await page.keyboard.type('slow')
    await page.keyboard.press('Escape')
    await page.locator('li.scene .note', { hasText: 'slow' }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.locator('.panel h2', { hasText: 'Scene 4' }).waitFor()
    await undone(page, /^Undo: note/, 9)
  },
)

rooms.test('two see each other’s ticks and cuts, and what would be lost is named first', async (stage) => {
  const page = await inTheRoom(stage)
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

rooms.test(
  'a suggestion is tried, a cut by hand outlives it, and scenes are ticked by a rule',
  async (stage) => {
    const page = await stage.page({ viewport: { width: 1440, height: 900 } })
    // A session of its own: what is ticked here is not put back.
    await again(page, `${await begin(page, await stage.shared(studio()))}/scenes`)
    await page.locator('body').press('Shift+ArrowRight')
    await readout(page, /^frame 10/)
    await page.keyboard.press('s')
    await until(async () => (await scenes(page)) === 10)
    const offer = page.locator('[data-suggestion]', {
      hasText: /^\s*[\d.]+ makes \d+ scenes?\. No peak lies between/,
    })
    await offer.waitFor()
    await offer.getByRole('button', { name: 'Try' }).click()
    await undoes(page, /^Undo: cuts by content at/).waitFor()
    await page.locator('li.scene[data-origin=hand][data-from="10"]').waitFor()
    await undone(page, /^Undo: cuts by content/, 10)
    await page.getByRole('spinbutton', { name: 'Threshold' }).fill('250')
    await page.getByRole('spinbutton', { name: 'Threshold' }).press('Enter')
    await until(async () => (await scenes(page)) === 2)
    await undone(page, /^Undo: cuts by content at 250/, 10)

    const ticked = () => page.locator('input[name=scene]:checked').count()
    await page.getByRole('button', { name: 'At least' }).click() // a second, and none is as long
    await until(async () => (await ticked()) === 0)
    await page.keyboard.press('ArrowDown')
    await page.locator('.panel h2', { hasText: 'Scene 3' }).waitFor()
    await page.keyboard.press('f')
    await page.locator('li.scene .star input').nth(2).and(page.locator(':checked')).waitFor()
    await page.getByRole('button', { name: 'Starred', exact: true }).first().click()
    await until(async () => (await ticked()) === 1)
    await page.getByRole('spinbutton', { name: 'Seconds' }).fill('0.5')
    await page.getByRole('button', { name: 'Shorter than' }).click()
    await until(async () => (await ticked()) === 2) // the two halves
  },
)

rooms.test('groups are put in order by dragging and by keys, and played as one', async (stage) => {
  const page = await inTheRoom(stage)
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
  await until(async () => (await frame(page)) === 2 * length, 90_000)
  const played = await page.evaluate<number[]>(
    '[...new Set(played.map((frame) => 1 + Math.floor(frame / 20)))]',
  )
  // The last scene ends where the third begins.
  assert.equal(played, [7, 5, 2, 3])

  await page.locator('h1').click()
  for (let left = await page.locator('.group').count(); left > 0;) {
    await page.keyboard.press('z')
    await until(async () => (left = await page.locator('.group').count()) >= 0)
  }
})

rooms.test('a note is found again, cuts are loaded from a list, a still is picked', async (stage) => {
  const page = await inTheRoom(stage)
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
  await page.getByRole('searchbox', { name: 'Search notes' }).fill('')
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

  await page.goto(`${waiting}/handoff`)
  const list = path.join(folder(), 'cuts.csv')
  writeFileSync(list, csv([0, 10, 20, 53, 180]))
  await page.getByLabel('List').setInputFiles(list)
  await page.getByRole('button', { name: 'Load' }).click()
  await page.getByText('The list names 4 scenes; 2 cuts came new.').waitFor()
  await looksRight(page, 'hand-off')
  await again(page, `${waiting}/scenes`)
  assert.is(await scenes(page), 11)
  await page.locator('.panel', { hasText: 'Cuts' }).getByText('8 found, 2 by hand').waitFor()
  await undone(page, /^Undo: 4 cuts from a file/, 9)
})

rooms.test(
  'on a phone the line is dragged by a finger, the player stays in view, and a touch ticks',
  async (stage) => {
    const wide = await inTheRoom(stage)
    const page = await stage.page({
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      reducedMotion: 'reduce',
    })
    await page.goto(wide.url())
    await readout(page, /^frame 0/)
    await page.locator('h1').scrollIntoViewIfNeeded()
    const { box, lineY } = await timeline(page)
    const finger = await page.context().newCDPSession(page)
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', y?: number) =>
      finger.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: y === undefined ? [] : [{ x: box.x + 150, y: box.y + y }],
      })
    await touch('touchStart', lineY + 8)
    for (const y of [lineY - 10, 100, 84, 83]) await touch('touchMove', y)
    await page.locator('[data-trial]', { hasText: /^1 scene at/ }).waitFor()
    await touch('touchEnd')
    await page.getByRole('button', { name: /^Cut at/ }).tap() // a note and a still hang on the cuts
    await until(async () => (await scenes(page)) === 1)
    await undone(page, /^Undo: cuts by content/, 9)

    await page.locator('li.scene').nth(8).scrollIntoViewIfNeeded()
    assert.ok((await page.locator('.player').boundingBox())?.y === 0, 'beside the last scene, too')
    await page.locator('li.scene').nth(8).getByRole('link').tap()
    await readout(page, /^frame 160/)
    const tick = page.locator('li.scene .tick input').nth(8)
    const before = await tick.isChecked()
    await page.locator('li.scene .thumb').nth(8).tap()
    assert.is(await tick.isChecked(), !before)
  },
)

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
  await page.locator('h1 + .state', { hasText: 'completed, 1 problem' }).waitFor({ timeout: 60_000 })
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

const scenes = (page: Page) => page.locator('li.scene[data-cut]').count()

const undoes = (page: Page, name: RegExp) => page.getByRole('button', { name })

/** Waits until this would be undone, and undoes it by its key. */
async function undone(page: Page, name: RegExp, count: number): Promise<void> {
  await undoes(page, name).waitFor()
  await page.locator('h1').click() // in a field it would be a letter
  await page.keyboard.press('z')
  await until(async () => (await undoes(page, name).count()) === 0)
  await until(async () => (await scenes(page)) === count)
}

const readout = (page: Page, text: RegExp) => page.locator('[data-readout]', { hasText: text }).waitFor()

const frame = async (page: Page) =>
  Number(/frame (\d+)/.exec(await page.locator('[data-readout]').innerText())?.[1])

/** Where the timeline and its line lie, CSS pixels. */
async function timeline(page: Page) {
  const box = await page.locator('.lanes canvas').boundingBox()
  assert.ok(box)
  const lineY = await page.evaluate<number>(
    `(() => { const line = document.querySelector('[data-line]'); return 82 + 132 * (1 - line.value / line.max) })()`,
  )
  return { box, lineY }
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

let waiting = ''

/** One session for all: each test leaves its cuts as they were. */
async function inTheRoom(stage: Stage): Promise<Page> {
  const page = await stage.page({ viewport: { width: 1440, height: 900 } })
  if (waiting === '') waiting = await begin(page, await stage.shared(studio()))
  await again(page, `${waiting}/scenes`)
  return page
}

async function again(page: Page, address = page.url()): Promise<void> {
  await page.goto(address)
  await readout(page, /^frame 0 · score/)
}

function studio(env: Record<string, string> = {}) {
  const data = folder()
  mkdirSync(path.join(data, 'media'), { recursive: true })
  copyFileSync(cutsClip('reel.mp4', Array<number>(9).fill(length)), path.join(data, 'media', 'reel.mp4'))
  return { data, env }
}

/** @returns the address of a session that waits for a choice. */
async function begin(page: Page, server: Server): Promise<string> {
  await page.goto(`${server.url}/archives/new`)
  await page.getByRole('radio', { name: 'reel.mp4' }).check()
  await page.getByLabel('Artwork').fill('Room')
  await page.getByRole('button', { name: 'Start' }).click()
  await page.waitForURL(/\/sessions\/\w+$/)
  await page.getByRole('button', { name: /^Make \d+ clips?/, disabled: false }).waitFor({ timeout: 60_000 })
  return page.url()
}

rooms.run()
