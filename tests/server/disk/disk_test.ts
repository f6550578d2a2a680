import { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Root } from '../../../db/schema.ts'
import { createDisk } from '../../../server/disk/disk.ts'
import { openFile } from '../../../server/disk/open_file.ts'
import { placeUnder } from '../../../server/disk/paths.ts'
import { refusal } from '../../db/fixture.ts'
import { cutsClip, folder, tools } from '../../media.ts'
import { openFiles } from './open_files.ts'

const disk = createDisk(await tools())

/** A root with a secret beside it. */
function makeRoot() {
  const top = folder()
  const inside = path.join(top, 'media')
  mkdirSync(path.join(inside, 'clients/Åsa & Söner'), { recursive: true })
  mkdirSync(path.join(top, 'media-secret'))
  writeFileSync(path.join(top, 'media-secret/secret.mov'), 'secret')
  const root: Root = { id: 1, key: 'r', kind: 'media', path: inside, name: null, created_at: '' }
  return { root, inside, secret: path.join(top, 'media-secret') }
}

const looking = suite('disk')

looking('a folder lists folders first, then files, in the order people count', async () => {
  const { root, inside } = makeRoot()
  for (const name of ['clip 10.mov', 'Clip 2.mov', 'clip 1.mov', 'R&D – café\'s "final" 100%.mov', '-x.PNG'])
    writeFileSync(path.join(inside, name), name)
  writeFileSync(path.join(inside, 'notes.pdf'), '')
  mkdirSync(path.join(inside, 'zebra'))
  const { folders, files } = await disk.list(root, '')
  assert.equal(
    folders.map(({ name }) => name),
    ['clients', 'zebra'],
  )
  assert.equal(
    files.map(({ name, kind }) => [name, kind]),
    [
      ['-x.PNG', 'image'],
      ['clip 1.mov', 'video'],
      ['Clip 2.mov', 'video'],
      ['clip 10.mov', 'video'],
      ['notes.pdf', 'other'],
      ['R&D – café\'s "final" 100%.mov', 'video'],
    ],
  )
  const [first] = files
  assert.is(first?.bytes, 6)
  assert.match(first?.modified ?? '', /^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
})

looking('a folder inside is listed by its path, and the root by the empty one', async () => {
  const { root } = makeRoot()
  const { path: found, folders } = await disk.list(root, 'clients/')
  assert.is(found, 'clients')
  assert.equal(
    folders.map(({ name }) => name),
    ['Åsa & Söner'],
  )
  assert.equal((await disk.list(root, 'clients/Åsa & Söner')).folders, [])
})

looking('what is hidden, is no file, or leads out is not listed', async () => {
  const { root, inside, secret } = makeRoot()
  mkdirSync(path.join(inside, '.cutroom-work'))
  writeFileSync(path.join(inside, '.hidden'), '')
  writeFileSync(path.join(inside, 'back\\slash.mov'), '')
  symlinkSync(secret, path.join(inside, 'way out'))
  symlinkSync(path.join(secret, 'secret.mov'), path.join(inside, 'way out.mov'))
  symlinkSync('nowhere', path.join(inside, 'dangling'))
  symlinkSync('loop', path.join(inside, 'loop'))
  symlinkSync('clients', path.join(inside, 'shortcut'))
  const { folders, files } = await disk.list(root, '')
  assert.equal(
    folders.map(({ name }) => name),
    ['clients', 'shortcut'],
  )
  assert.equal(files, [])
})

looking('nothing outside the root is ever found, however it is written', async () => {
  const { root, inside, secret } = makeRoot()
  symlinkSync(secret, path.join(inside, 'out'))
  const ways = [
    ...[
      '..',
      '../media-secret',
      'clients/../../media-secret',
      './clients',
      '/etc',
      secret,
      'out',
      'clients\\..',
    ],
    ...[
      '%2e%2e/media-secret',
      '..%2fmedia-secret',
      'clients\0',
      '~',
      'C:\\',
      '../media',
      'nothing',
      '....//',
    ],
  ]
  for (const way of ways) {
    assert.is((await refusal(disk.list(root, way))).code, 'folder_not_found', way)
    assert.is((await refusal(disk.look(root, `${way}/secret.mov`))).code, 'master_not_found', way)
    assert.is((await refusal(disk.resolve(root, way))).code, 'bad_input', way)
    const stored = { key: 'k', root_path: inside, path: `${way}/secret.mov` }
    assert.is((await refusal(disk.open(stored))).code, 'file_not_found', way)
  }
  assert.is((await refusal(disk.list(root, '.git'))).code, 'folder_not_found')
})

looking('a root that is itself a link, and a name that begins like the root, are told apart', async () => {
  const { inside, secret } = makeRoot()
  const link = path.join(folder(), 'link')
  symlinkSync(inside, link)
  assert.is(await placeUnder(link, 'clients'), path.join(inside, 'clients'))
  symlinkSync(secret, path.join(inside, 'sibling'))
  assert.is(await placeUnder(inside, 'sibling'), null)
})

looking('a folder that turns into a link out while a file is opened gives nothing away', async () => {
  const { inside, secret } = makeRoot()
  const [place, kept] = [path.join(inside, 'swap'), path.join(inside, 'kept')]
  mkdirSync(place)
  writeFileSync(path.join(place, 'secret.mov'), 'public')
  const turning = setInterval(() => {
    renameSync(place, kept)
    symlinkSync(secret, place)
    setImmediate(() => {
      rmSync(place)
      renameSync(kept, place)
    })
  }, 0)
  const before = openFiles()
  const seen: string[] = []
  for (let i = 0; i < 1000; i++) {
    const opened = await openFile({ root_path: inside, path: 'swap/secret.mov' }).catch(() => null)
    if (opened) seen.push(await new Response(opened.stream(0, 5)).text())
  }
  clearInterval(turning)
  assert.equal([...new Set(seen)], ['public'])
  assert.is(openFiles(), before)
})

looking('what is no ordinary file is not opened, and leaves nothing open', async () => {
  const { inside } = makeRoot()
  const before = openFiles()
  for (const way of ['clients', 'nothing.mov'])
    assert.is((await refusal(openFile({ root_path: inside, path: way }))).code, 'file_not_found')
  assert.is(openFiles(), before)
})

looking('a file that shrinks while it is read breaks the stream and is closed', async () => {
  const { inside } = makeRoot()
  const file = path.join(inside, 'shrinks.mov')
  writeFileSync(file, Buffer.alloc(3_000_000))
  const before = openFiles()
  const opened = await openFile({ root_path: inside, path: 'shrinks.mov' })
  writeFileSync(file, 'short')
  const error = await refusal(new Response(opened.stream(0, opened.bytes - 1)).arrayBuffer())
  assert.match(error.message, /shorter/)
  assert.is(openFiles(), before)
})

looking('a master is looked at once for each state it is in', async () => {
  const { root, inside } = makeRoot()
  const file = path.join(inside, 'R&D – café\'s "final" 100%.mp4')
  renameSync(cutsClip('looked_at.mp4', [25, 25]), file)
  const name = path.basename(file)
  const [first, second] = await Promise.all([disk.look(root, name), disk.look(root, name)])
  assert.is(first, second)
  assert.is(first.refusal, null)
  assert.is(first.probe?.video.width, 320)
  assert.equal(first.warnings, ['The master is H.264, not ProRes.'])
  utimesSync(file, 1, 1)
  assert.is.not(await disk.look(root, name), first)
})

looking('a link that leads away is said to, and nothing of what it names', async () => {
  const { root, inside, secret } = makeRoot()
  symlinkSync(path.join(secret, 'secret.mov'), path.join(inside, 'away.mov'))
  symlinkSync(path.join(secret, 'absent.mov'), path.join(inside, 'nowhere.mov'))
  symlinkSync(secret, path.join(inside, 'folder'))
  for (const name of ['away.mov', 'nowhere.mov'])
    assert.is((await refusal(disk.look(root, name))).code, 'link_away', name)
  for (const name of ['folder/secret.mov', 'folder/absent.mov', '../media-secret/secret.mov'])
    assert.is((await refusal(disk.look(root, name))).code, 'master_not_found', name)
})

looking('what cannot be a master is refused in the words of the probe', async () => {
  const { root, inside } = makeRoot()
  writeFileSync(path.join(inside, 'list.m3u8'), '#EXTM3U\nsecret.mov')
  writeFileSync(path.join(inside, 'empty.mov'), '')
  assert.match((await disk.look(root, 'list.m3u8')).refusal ?? '', /list\.m3u8 is a playlist/)
  const { refusal: why, probe } = await disk.look(root, 'empty.mov')
  assert.equal([why, probe], ['empty.mov is empty: it has no bytes at all.', null])
  assert.match((await disk.look(root, 'clients')).refusal ?? '', /is a folder/)
})

looking('the room that is left is told in bytes', async () => {
  const { root } = makeRoot()
  assert.ok((await disk.free(root)) > 1_000_000)
  const unmade = { ...root, path: path.join(root.path, 'not', 'yet') }
  assert.ok((await disk.free(unmade)) > 1_000_000, 'where the folder will lie')
})

looking('of an R&D folder what an archive would take is counted', async () => {
  const { root, inside } = makeRoot()
  mkdirSync(path.join(inside, 'rd', 'deep'), { recursive: true })
  for (const name of ['a.png', 'deep/b.MOV', 'notes.txt', '.hidden.png'])
    writeFileSync(path.join(inside, 'rd', name), '12345')
  assert.equal(await disk.lookAtResearch(root, 'rd'), { files: 2, bytes: 10 })
  for (const way of ['gone', 'rd/a.png', '../..'])
    assert.is((await refusal(disk.lookAtResearch(root, way))).code, 'folder_not_found', way)
})

looking.run()
