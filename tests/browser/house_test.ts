/**
 * The house around the archives, as a person keeps it: names, folders, the registry of files, the database, backups.
 */

import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright-core'
import * as assert from 'uvu/assert'
import { cutsClip, folder } from '../media.ts'
import { browserSuite, type Stage, until } from './browser.ts'
import { looksRight } from './looks.ts'

const house = browserSuite('the house')

house.test('names are seen while their templates are typed, and a clash is not saved', async (stage) => {
  const page = await opened(stage, '/settings')
  await looksRight(page, 'settings')
  const names = page.getByRole('status', { name: 'How names would look' })
  const clips = page.getByLabel('Clips and groups')
  await clips.fill('{date}-{artwork}-{type}-{seq}')
  await names.getByText('26-11-20-Tide-Study-clip-01.mp4').waitFor()
  assert.is(await page.locator('[name=naming_clip]:focus').count(), 1, 'who types goes on typing')
  await clips.fill('{artwork}')
  await names.locator('.notice').waitFor()
  await page.locator('#naming').getByRole('button', { name: 'Save' }).click()
  await page.getByRole('alert').getByText('Nothing was saved.').waitFor()
  assert.is(await clips.getAttribute('aria-invalid'), 'true')
  assert.is(await clips.inputValue(), '{artwork}')
  await looksRight(page, 'settings, refused')
  await clips.fill('{date}-{artwork}-{type}-{seq}')
  await page.locator('#naming').getByRole('button', { name: 'Save' }).click()
  await page.getByRole('status').getByText('Saved.').waitFor()
  assert.is(await clips.inputValue(), '{date}-{artwork}-{type}-{seq}')
})

house.test(
  'a group of settings is saved where it stands, and what is typed in others stays',
  async (stage) => {
    const page = await opened(stage, '/settings')
    const copyright = page.getByLabel('Copyright')
    const before = await copyright.inputValue()
    await copyright.fill('© Half-way House')
    await page.getByLabel('Light or dark').selectOption('dark')
    await page.locator('#behaviour').getByRole('button', { name: 'Save' }).click()
    await page.locator('#behaviour').getByText('Saved.').waitFor()
    assert.is(await page.evaluate('document.documentElement.dataset.theme'), 'dark')
    assert.is(await copyright.inputValue(), '© Half-way House')
    await page.getByLabel('Light or dark').selectOption('default')
    assert.is(await page.locator('#behaviour').getByText('Saved.').count(), 0)
    await page.locator('#behaviour').getByRole('button', { name: 'Save' }).click()
    await page.locator('#behaviour').getByText('Saved.').waitFor()
    assert.is(await page.evaluate('document.documentElement.dataset.theme'), undefined)
    await page.goto(page.url())
    assert.is(await copyright.inputValue(), before)
  },
)

house.test(
  'an output folder is added, named and removed, and one that is not there is refused',
  async (stage) => {
    const page = await opened(stage, '/settings')
    const other = folder()
    const place = page.getByLabel('Another output folder')
    await place.fill(path.join(other, 'nowhere'))
    await page.getByRole('button', { name: 'Add the folder' }).click()
    await until(async () => (await place.getAttribute('aria-invalid')) === 'true')
    await place.fill(other)
    await page.getByRole('button', { name: 'Add the folder' }).click()
    const name = page.getByLabel(`Name of ${other}`)
    await name.fill('The big disk')
    await name.press('Enter')
    await until(async () => (await page.getByLabel(`Name of ${other}`).inputValue()) === 'The big disk')
    await page.goto(new URL('/archives/new', page.url()).href)
    await page.locator('select option', { hasText: 'The big disk' }).waitFor({ state: 'attached' })
    await page.goto(new URL('/settings', page.url()).href)
    await page.getByRole('button', { name: `Remove ${other}` }).click()
    await until(async () => (await page.getByLabel(`Name of ${other}`).count()) === 0)
  },
)

house.test(
  'files are found, verified, and what is missing or unknown on the disk is named',
  async (stage) => {
    const page = await opened(stage, '/files')
    await page.getByRole('button', { name: 'Look for all of them' }).click()
    await page.getByText('nothing is missing, nothing unknown lies there').waitFor()
    await looksRight(page, 'files')
    await page.locator('h1').click()
    await page.keyboard.press('/')
    await page.keyboard.type('clip-02')
    await page.getByText('1 file', { exact: true }).waitFor()
    await page.getByRole('button', { name: /^Verify .*clip-02.*now$/ }).click()
    await page
      .locator('#files-list')
      .getByText(/^verified/)
      .waitFor()

    const made = path.join((await stage.shared()).data, 'output', project)
    rmSync(path.join(made, 'Video-clips', '26-11-20-House-clip-03.mp4'))
    writeFileSync(path.join(made, 'notes from the edit.txt'), 'cut to black')
    await page.getByRole('button', { name: 'Look again' }).click()
    await page.getByText('1 unknown file lies there').waitFor()
    await page.getByText('Unknown files').click()
    await page.locator('.strays', { hasText: 'notes from the edit.txt' }).waitFor()
    await page.getByRole('link', { name: '1 file is missing' }).click()
    await page
      .getByRole('row', { name: /clip-03/ })
      .getByText('not there')
      .waitFor()
    assert.is(await page.locator('#files-list tbody tr').count(), 1)
    await looksRight(page, 'missing files')
  },
)

house.test(
  'the database is asked in SQL, looked through and carried out, and never changed',
  async (stage) => {
    const page = await opened(stage, '/upkeep/database')
    const ask = async (sql: string) => {
      await page.getByLabel('Ask in SQL').fill(sql)
      await page.getByRole('button', { name: 'Ask' }).click()
    }
    await ask('select artwork, count(*) as scenes from session join scene on session_id = session.id')
    await page.getByRole('heading', { name: '1 row' }).waitFor()
    await page.getByRole('row', { name: 'House 5' }).waitFor()
    await looksRight(page, 'an answer')
    await ask('delete from session')
    await page.getByRole('alert').waitFor()
    await ask('select * from scene_')
    await page.getByRole('alert').getByText('no such table').waitFor()

    await page.getByRole('link', { name: 'All tables' }).click()
    await page.getByRole('link', { name: 'scene', exact: true }).click()
    await page.getByText('Rows 1 to 5').waitFor()
    await page.getByRole('link', { name: 'start_frame' }).click()
    await page.getByRole('link', { name: 'start_frame ascending' }).click()
    await page.getByRole('link', { name: 'start_frame descending' }).waitFor()
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'CSV' }).click(),
    ])
    assert.is(
      readFileSync(await file.path(), 'utf8')
        .trim()
        .split('\n').length,
      6,
    )
  },
)

house.test('a backup is made while it runs, and put back', async (stage) => {
  const page = await opened(stage, '/upkeep/backups')
  await page.getByText('No backups yet').waitFor()
  await page.getByRole('button', { name: 'Back up now' }).click()
  await page.getByRole('row', { name: /^state_backup/ }).waitFor()
  await looksRight(page, 'backups')

  const artwork = new URL('/history', page.url()).href
  await page.goto(new URL('/settings', page.url()).href)
  await page.getByLabel('Clips and groups').fill('{artwork}_{type}_{seq}_later')
  await page.locator('#naming').getByRole('button', { name: 'Save' }).click()
  await page.getByRole('status').getByText('Saved.').waitFor()

  await page.goto(new URL('/upkeep/backups', page.url()).href)
  await page.getByRole('link', { name: /^Restore state_backup/ }).click()
  await looksRight(page, 'restore')
  await page.getByRole('button', { name: 'Restore' }).click()
  await page.getByText('before another was put back').waitFor()
  await page.goto(new URL('/settings', page.url()).href)
  assert.is(await page.getByLabel('Clips and groups').inputValue(), '{date}-{artwork}-{type}-{seq}')
  await page.goto(artwork)
  await page.getByRole('link', { name: 'House', exact: true }).waitFor()
})

const project = '26-11-20_House'

let isMade = false

/** A page of the one server, where an archive of a tiny film has been made once names have been chosen. */
async function opened(stage: Stage, place: string): Promise<Page> {
  const page = await stage.page({ viewport: { width: 1440, height: 900 } })
  const data = folder()
  mkdirSync(path.join(data, 'media'), { recursive: true })
  copyFileSync(cutsClip('reel.mp4', Array<number>(5).fill(20)), path.join(data, 'media', 'reel.mp4'))
  const { url } = await stage.shared({ data })
  if (place === '/files' && !isMade) {
    isMade = true
    await archive(page, url)
  }
  await page.goto(url + place)
  return page
}

async function archive(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/archives/new`)
  await page.getByRole('radio', { name: 'reel.mp4' }).check()
  await page.getByLabel('Artwork').fill('House')
  await page.getByLabel('Date').fill('26-11-20')
  await page.getByRole('button', { name: 'Start' }).click()
  await page.waitForURL(/\/sessions\/\w+$/)
  await page.getByRole('button', { name: /^Make 5 clips/, disabled: false }).click({ timeout: 300_000 })
  await until(() => page.locator('h1 + .state[data-state=completed]').count(), 300_000)
}

house.run()
