/**
 * A preset on one frame of a film, over HTTP: before, after, what it weighs, and clear words where it cannot be.
 */

import { copyFileSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import sharp from 'sharp'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { findPreset } from '../../../db/presets.ts'
import { createApp } from '../../../server/app.ts'
import { formOf } from '../../../server/preset_form.ts'
import { createServices } from '../services.ts'

const routes = suite('preview of a preset')

routes('a frame is shown before and after, and measured', async () => {
  const services = await createServices()
  const app = createApp(services)
  mkdirSync(services.roots.media.path)
  copyFileSync(services.sample, path.join(services.roots.media.path, 'sintel.mp4'))
  const preset = await findPreset(services.db, 'ultra_light')
  if (!preset) throw new Error('no preset')
  const form = { ...formOf(preset).settings, master: 'sintel.mp4', at: '3' }
  const ask = async (change: Record<string, string>) => {
    const body = new URLSearchParams({ ...form, ...change })
    return (
      await app.request('/presets/-/preview', { method: 'POST', body, headers: { 'hx-request': 'true' } })
    ).text()
  }
  const bytes = async (change: Record<string, string>) => {
    const html = await ask(change)
    const address = /src="([^"]*after\.jpg)"/.exec(html)?.[1] ?? html
    const response = await app.request(address)
    return { html, address, picture: new Uint8Array(await response.arrayBuffer()) }
  }
  const fine = await bytes({})
  const rough = await bytes({ 'stills_web.quality': '20', 'video.crf': '40' })
  assert.ok(rough.picture.length < fine.picture.length)
  assert.is((await sharp(fine.picture).metadata()).format, 'jpeg')
  const rate = (html: string) => Number(/about ([\d.]+) Mbit/.exec(html)?.[1])
  assert.ok(rate(rough.html) < rate(fine.html), `${rate(rough.html)} < ${rate(fine.html)}`)
  assert.is((await bytes({})).address, fine.address, 'kept by what it was made of')

  const { probe } = await services.disk.look(services.roots.media, 'sintel.mp4')
  const middle = await bytes({ at: String((probe?.duration ?? 0) / 2) })
  assert.equal((await bytes({ at: '' })).picture, middle.picture)
  assert.match(await ask({ master: '' }), 'Pick a master first.')
  assert.match(await ask({ at: '9999' }), 'the film ends at')
  assert.match(await ask({ at: 'x' }), 'Say at which second')
  assert.match(await ask({ master: '../cutroom.db' }), 'This cannot be shown')
  assert.match(await ask({ 'video.crf': '99' }), 'Mend the fields first')
  await services.close()
})

routes.run()
