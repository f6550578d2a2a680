/**
 * The review room by keys: frames, cuts, ticks and notes, undone and redone.
 */

import * as assert from 'uvu/assert'
import { pause, until } from './browser.ts'
import { again, frame, length, readout, roomSuite, scenes, undoes, undone } from './room.ts'

const rooms = roomSuite('the review room by keys')

rooms.test(
  'by keys: frames, play, a split, a cut moved, a merge, undone and redone across reloads',
  async (stage) => {
    const page = await rooms.inTheRoom(stage)
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
    const page = await rooms.inTheRoom(stage)
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

rooms.test('what is typed while the panel is fetched anew stays', async (stage) => {
  const page = await rooms.inTheRoom(stage)
  await page.keyboard.press('ArrowDown')
  await page.locator('.panel h2', { hasText: 'Scene 2' }).waitFor()
  let asked = 0
  let held = true
  await page.route('**/scene?cut=*', async (route) => {
    asked++
    await until(() => !held)
    await route.continue()
  })
  await page.keyboard.press('f')
  await until(() => asked > 0)
  await page.keyboard.press('t')
  await page.keyboard.type('half ')
  const answered = page.waitForResponse('**/scene?cut=*')
  held = false
  await answered
  await pause(200)
  await page.keyboard.type('a note')
  held = true
  await page.keyboard.press('Escape')
  await page.locator('li.scene .note', { hasText: /^half a note$/ }).waitFor()
  await page.keyboard.press('t')
  await page.keyboard.press('End')
  await page.keyboard.type(' and more')
  await page.keyboard.press('Escape')
  await page.locator('li.scene .note', { hasText: /^half a note and more$/ }).waitFor()
  held = false
  await page.unrouteAll({ behavior: 'wait' })
  await page.getByRole('button', { name: 'Starred F' }).waitFor()
  await page.keyboard.press('z')
  await page.locator('li.scene .note', { hasText: /^half a note$/ }).waitFor()
  await undone(page, /^Undo: note/, 9)
})

rooms.test('keys that are faster than the server each do what they say', async (stage) => {
  const page = await rooms.inTheRoom(stage)
  await page.route(/\/(undo|redo|move)$/, async (route) => {
    await pause(300)
    await route.continue()
  })
  await page.keyboard.press('ArrowDown')
  await page.locator('.panel h2', { hasText: 'Scene 2' }).waitFor()
  const cutAt = (from: number) =>
    until(async () => (await page.locator('li.scene').nth(1).getAttribute('data-from')) === String(from))
  for (const key of '..,...') await page.keyboard.press(key)
  await cutAt(length + 4)
  for (const key of 'zzzzzz') await page.keyboard.press(key)
  await cutAt(length)
  for (const key of ['Shift+Z', 'Shift+Z', 'Shift+Z', 'Shift+Z', 'Shift+Z', 'Shift+Z', 'z'])
    await page.keyboard.press(key)
  await cutAt(length + 3)
  for (const key of 'zzzz') await page.keyboard.press(key)
  await cutAt(length + 1)
  for (let held = 0; held < 3; held++) await page.keyboard.down('z')
  await page.keyboard.up('z')
  await cutAt(length)
  await pause(700)
  await undoes(page, /^Redo: move of the cut at 00:00:00:20/).waitFor()

  for (const key of '..z.z.zxz') await page.keyboard.press(key)
  await undoes(page, /^Redo: tick/).waitFor()
  await cutAt(length + 1)
  assert.ok(await page.locator('li.scene .tick input').nth(1).isChecked())
  await page.keyboard.press('z')
  await cutAt(length)
  for (let held = 0; held < 4; held++) await page.keyboard.down('x')
  await page.keyboard.up('x')
  assert.not.ok(await page.locator('li.scene .tick input').nth(1).isChecked())
  await page.keyboard.press('z')
  await until(() => page.locator('li.scene .tick input').nth(1).isChecked())
  await pause(700)
  await undoes(page, /^Redo: tick/).waitFor()
  assert.is(await page.locator('[role=alert]:visible').count(), 0)
})

rooms.run()
