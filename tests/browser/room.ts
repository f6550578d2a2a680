/**
 * The review room in a browser: a session that waits for its choice, and what every test there looks at.
 */

import { copyFileSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { cutsClip, folder } from '../media.ts'
import { browserSuite, type Server, type Stage, until } from './browser.ts'

/** Frames of each of the nine scenes. */
export const length = 20

/** Tests in one room: each leaves its cuts as they were. */
export function roomSuite(name: string) {
  let waiting = ''
  const inTheRoom = async (stage: Stage): Promise<Page> => {
    const page = await stage.page({ viewport: { width: 1440, height: 900 } })
    if (waiting === '') waiting = await begin(page, await stage.shared(studio()))
    await again(page, `${waiting}/scenes`)
    return page
  }
  return { ...browserSuite(name), inTheRoom }
}

export const scenes = (page: Page) => page.locator('li.scene[data-cut]').count()

export const undoes = (page: Page, name: RegExp) => page.getByRole('button', { name })

/** Waits until this would be undone, and undoes it by its key. */
export async function undone(page: Page, name: RegExp, count: number): Promise<void> {
  await undoes(page, name).waitFor()
  await page.locator('h1').click() // in a field it would be a letter
  await page.keyboard.press('z')
  await until(async () => (await undoes(page, name).count()) === 0)
  await until(async () => (await scenes(page)) === count)
}

export const readout = (page: Page, text: RegExp) =>
  page.locator('[data-readout]', { hasText: text }).waitFor()

export const frame = async (page: Page) =>
  Number(/frame (\d+)/.exec(await page.locator('[data-readout]').innerText())?.[1])

export async function again(page: Page, address = page.url()): Promise<void> {
  await page.goto(address)
  await readout(page, /^frame 0 · score/)
}

const reel = () => cutsClip('reel.mp4', Array<number>(9).fill(length))

/** @param film what lies in the studio as reel.mp4. */
export function studio(env: Record<string, string> = {}, film = reel()) {
  const data = folder()
  mkdirSync(path.join(data, 'media'), { recursive: true })
  copyFileSync(film, path.join(data, 'media', 'reel.mp4'))
  return { data, env }
}

/** @returns the address of a session that waits for a choice. */
export async function begin(page: Page, server: Server): Promise<string> {
  await page.goto(`${server.url}/archives/new`)
  await page.getByRole('radio', { name: 'reel.mp4' }).check()
  await page.getByLabel('Artwork').fill('Room')
  await page.getByRole('button', { name: 'Start' }).click()
  await page.waitForURL(/\/sessions\/\w+$/)
  await page.getByRole('button', { name: /^Make \d+ clips?/, disabled: false }).waitFor()
  return page.url()
}
