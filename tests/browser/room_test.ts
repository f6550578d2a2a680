/**
 * The review room as a person works in it: the line, detectors, the timeline, a suggestion, a phone.
 */

import type { Page } from 'playwright-core'
import * as assert from 'uvu/assert'
import { until } from './browser.ts'
import { cutsClip, make } from '../media.ts'
import { looksRight } from './looks.ts'
import { again, begin, length, readout, roomSuite, scenes, studio, undoes, undone } from './room.ts'

const rooms = roomSuite('the review room')

rooms.test(
  'where frames are uneven, panel, grid and player tell the same place by the clock',
  async (stage) => {
    const page = await stage.page()
    const uneven = make('uneven-reel.mp4', [
      ...['-i', cutsClip('four.mp4', [40, 40, 60, 60]), '-vf', "select='lt(n,80)+not(mod(n,3))'"],
      ...['-vsync', '0', '-c:v', 'libx264', '-c:a', 'copy'],
    ])
    await again(page, `${await begin(page, await stage.server(studio({}, uneven)))}/scenes`)
    const told = async (selector: string) => (await page.locator(selector).first().innerText()).trim()
    await page.getByRole('link', { name: 'Scene 4' }).click()
    await page.locator('.panel h2', { hasText: 'Scene 4' }).waitFor()
    const from = /^00:00:05\.\d{3}$/
    await until(async () => from.test(await told('[data-playhead] .tc')))
    assert.is(await told('[data-scene] .facts .tc'), await told('[data-playhead] .tc'))
    assert.is(`00:${await told('li.scene:nth-child(4) .tc')}`, await told('[data-playhead] .tc'))
    assert.match(await told('[data-scene] .facts'), /by the clock/)
    assert.match(await told('[data-scene] .facts'), /\d\.\d{3} s/)
  },
)

rooms.test(
  'the line is dragged: scenes are counted meanwhile, letting go cuts, and undo brings them back',
  async (stage) => {
    const page = await rooms.inTheRoom(stage)
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
  const page = await rooms.inTheRoom(stage)
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

  const threshold = page.getByRole('spinbutton', { name: 'Threshold' })
  const [usual, line] = [await shortest.inputValue(), await threshold.inputValue()]
  for (const [field, typed, words] of [
    [shortest, '-5', `It is 0 to 100,000, and stays ${usual}. 9 scenes at ${line}`],
    [shortest, '', `It is 0 to 100,000, and stays ${usual}. 9 scenes at ${line}`],
    [threshold, '', `It is a number, and stays ${line}. 9 scenes at ${line}`],
  ] as const) {
    await field.fill(typed)
    await field.press('Tab')
    await page.locator('[data-trial]', { hasText: words }).waitFor()
  }
  assert.is(await page.locator('[data-trouble]').innerText(), '')
  assert.match(
    (await page.locator('[data-turn=redo]').getAttribute('title')) ?? '',
    /^Redo: .* shortest 40 frames$/,
  )
  await threshold.fill('250.0123') // between two steps of the line
  await threshold.press('Enter')
  await until(async () => (await scenes(page)) === 1)
  await undone(page, /^Undo: cuts by content at 250/, 9)
})

rooms.test('the suggestion counts what was cut by hand', async (stage) => {
  const page = await rooms.inTheRoom(stage)
  const says = (count: number) =>
    page.locator('[data-suggestion]', { hasText: new RegExp(`makes ${count} scenes`) }).waitFor()
  await says(6)
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('s')
  await says(7)
  await undone(page, /^Undo: split/, 9)
  await says(6)
})

rooms.test(
  'the timeline is zoomed and scrolled, by mouse and by keys, and says what is under the mouse',
  async (stage) => {
    const page = await rooms.inTheRoom(stage)
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

rooms.test(
  'on a phone the line is dragged by a finger, the player stays in view, and a touch ticks',
  async (stage) => {
    const wide = await rooms.inTheRoom(stage)
    const star = wide.locator('li.scene .star input').nth(3)
    await star.check({ force: true })
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
    await page.getByRole('button', { name: /^Cut at/ }).tap() // a star hangs on the cuts
    await until(async () => (await scenes(page)) === 1)
    await undone(page, /^Undo: cuts by content/, 9)

    const spread = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...places: number[]) =>
      finger.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: places.map((x, id) => ({ x: box.x + x, y: box.y + 30, id })),
      })
    const pan = page.getByRole('slider', { name: 'Scroll the timeline' })
    await spread('touchStart', 140)
    await spread('touchStart', 140, 160)
    for (const out of [20, 40, 60]) await spread('touchMove', 140 - out, 160 + out)
    await spread('touchEnd')
    await pan.waitFor()
    assert.match(await page.locator('[data-readout]').innerText(), /^frame 0/, 'the playhead stays')
    await page.getByRole('button', { name: 'All', exact: true }).first().click()
    await pan.waitFor({ state: 'hidden' })
    await spread('touchStart', box.width / 2)
    await spread('touchEnd')
    await readout(page, /^frame (89|90)/)

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

/** Where the timeline and its line lie, CSS pixels. */
async function timeline(page: Page) {
  const box = await page.locator('.lanes canvas').boundingBox()
  assert.ok(box)
  const lineY = await page.evaluate<number>(
    `(() => { const line = document.querySelector('[data-line]'); return 82 + 132 * (1 - line.value / line.max) })()`,
  )
  return { box, lineY }
}

rooms.run()
