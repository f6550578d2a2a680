import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { cutsClip } from '../../media.ts'
import { createFilesRig, type FilesRig } from './rig.ts'

const htmx = { 'hx-request': 'true' }

const browsing = suite<{ rig: FilesRig; html: (url: string) => Promise<string> }>('browse')

browsing.before.each(async (context) => {
  const rig = await createFilesRig()
  context.rig = rig
  context.html = async (url) => (await rig.ask(url, htmx)).text()
})
browsing.after.each(({ rig }) => rig.close())

const fill = ({ roots }: FilesRig) => {
  mkdirSync(path.join(roots.media.path, 'clients/Åsa & Söner'), { recursive: true })
  for (const name of ['café "1" 100%.mov', 'notes.pdf', 'clients/b.mov'])
    writeFileSync(path.join(roots.media.path, name), 'x')
}

browsing('a master is picked among the videos; folders open in place', async ({ rig, html }) => {
  fill(rig)
  const page = await html('/browse?for=master&path=')
  assert.match(page, /^<div class="stack browser" id="browse-master">/)
  assert.match(
    page,
    /<input type="radio" name="master" value="café &quot;1&quot; 100%.mov" hx-get="\/look\?for=master&amp;path=caf%C3%A9/,
  )
  assert.match(page, /<a href="\/browse\?for=master&amp;path=clients" hx-get=/)
  assert.is(page.match(/type="radio"/g)?.length, 1)
  assert.match(page, /notes\.pdf/)
})

browsing('the way back up is shown, and every folder on it opens', async ({ rig, html }) => {
  fill(rig)
  const page = await html(`/browse?for=master&path=${encodeURIComponent('clients/Åsa & Söner')}`)
  const crumbs = /<ol class="crumbs">.*?<\/ol>/.exec(page)?.[0] ?? ''
  assert.equal(
    [...crumbs.matchAll(/href="([^"]*)"/g)].map(([, href]) => href),
    ['/browse?for=master&amp;path=', '/browse?for=master&amp;path=clients'],
  )
  assert.match(crumbs, /<li aria-current="page">Åsa &amp; Söner<\/li>/)
  assert.match(page, /This folder is empty/)
})

browsing('an R&D folder is picked among folders, and none is a choice', async ({ rig, html }) => {
  fill(rig)
  const page = await html('/browse?for=rd&path=clients&rd=clients')
  const values = [...page.matchAll(/name="rd" value="([^"]*)"( checked)?/g)]
  assert.equal(
    values.map(([, value, checked]) => [value, checked !== undefined]),
    [
      ['', false],
      ['clients', true],
      ['clients/Åsa &amp; Söner', false],
    ],
  )
})

browsing('what is picked in another folder stays picked', async ({ rig, html }) => {
  fill(rig)
  const page = await html('/browse?for=master&path=&master=clients/b.mov')
  assert.match(page, /name="master" value="clients\/b\.mov" checked/)
})

browsing('a folder is narrowed by what is typed, whatever its case and accents', async ({ rig, html }) => {
  fill(rig)
  const page = await html('/browse?for=master&path=&q=CAFE')
  assert.match(page, /café/)
  assert.not.match(page, /clients\//)
  assert.match(
    await html('/browse?for=master&path=&q=zz%3Cb%3E'),
    /Nothing here has “zz&lt;b&gt;” in its name/,
  )
})

browsing('without a script it is a page, and an empty root says where to put media', async ({ rig }) => {
  const page = await (await rig.ask('/browse?for=master')).text()
  assert.match(page, /^<!doctype html>/)
  assert.ok(page.includes(rig.roots.media.path))
  assert.match(page, /<form class="panel" action="\/archives\/new">/)
})

browsing('nothing outside the root is browsed or looked at', async ({ rig }) => {
  for (const way of ['..', '/etc', '%2e%2e', 'clients%00', '..%5c', '%252e%252e'])
    for (const url of [`/browse?for=master&path=${way}`, `/look?path=${way}/passwd`])
      assert.is((await rig.ask(url, htmx)).status, 404, url)
  assert.is((await rig.ask('/browse?for=all', htmx)).status, 422)
})

browsing('a picked master is told with its warnings and the room it needs', async ({ rig, html }) => {
  renameSync(cutsClip('browsed.mp4', [25, 25]), path.join(rig.roots.media.path, 'tide.mp4'))
  const page = await html('/look?path=tide.mp4')
  assert.match(page, /not ProRes/)
  assert.match(page, /Space needed/)
  const spaceOf = (text: string) => /up to ([\d.]+ [kMG]?B)/.exec(text)?.[1] ?? ''
  mkdirSync(path.join(rig.roots.media.path, 'more'))
  writeFileSync(path.join(rig.roots.media.path, 'more/large.mov'), Buffer.alloc(20_000_000))
  const both = await html('/look?path=tide.mp4&rd=more')
  assert.not.equal(spaceOf(both), '')
  assert.not.equal(spaceOf(both), spaceOf(page))
  const picked = await html('/look?for=rd&path=more&master=tide.mp4')
  assert.match(picked, /1 picture or video, [^]*<hx-partial hx-target="#look"/)
  assert.is(spaceOf(picked), spaceOf(both))
  assert.is(spaceOf(await html('/look?path=tide.mp4&rd=gone')), spaceOf(page))
  writeFileSync(path.join(rig.roots.media.path, 'text.mov'), 'no video')
  assert.match(await html('/look?path=text.mov'), /is not a video that ffmpeg can read/)
})

browsing.run()
