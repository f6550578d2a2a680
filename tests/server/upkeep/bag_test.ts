import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ensureRoot } from '../../../db/roots.ts'
import { writeBag } from '../../../server/upkeep/bag.ts'
import { addFile, addSession, freshDatabase, operationId, refusal } from '../../db/fixture.ts'
import { folder } from '../../media.ts'

const bag = suite('bag')

const names = ['Video-clips/Tide_clip_01.mp4', 'R&D/High-res/100%.png', 'Stills/HQ/über – a b.png']

async function createProject() {
  const [db, top] = [await freshDatabase(), folder()]
  const root = await ensureRoot(db, 'output', top)
  const session = await addSession(db, {
    output_root_id: root.id,
    output_path: '26-11-20_Tide',
    artwork: 'Tide',
  })
  const operation_id = await operationId(db, session, 'clips')
  for (const name of names) {
    const place = path.join(top, '26-11-20_Tide', name)
    mkdirSync(path.dirname(place), { recursive: true })
    writeFileSync(place, name.repeat(100))
    const sha256 = createHash('sha256').update(name.repeat(100)).digest('hex')
    const made = { root_id: root.id, operation_id, bytes: statSync(place).size, sha256 }
    await addFile(db, session, { ...made, role: 'clip', path: `26-11-20_Tide/${name}` })
  }
  return { db, top, session }
}

/** What RFC 8493 asks of a complete and valid bag, read by itself. */
function complaints(place: string): string[] {
  const read = (name: string) => readFileSync(path.join(place, name), 'utf8')
  const entries = (name: string) =>
    read(name)
      .trimEnd()
      .split('\n')
      .map((line) => /^([0-9a-f]{64}) +(.+)$/.exec(line) ?? [])
      .map(([, sum = '', file = '']) => ({
        sum,
        file: decodeURIComponent(file.replace(/%(?!25|0A|0D)/gi, '%25')),
      }))
  const all = [...entries('manifest-sha256.txt'), ...entries('tagmanifest-sha256.txt')]
  const payload = readdirSync(path.join(place, 'data'), { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(place, 'data', name))
    .filter((name) => statSync(name).isFile())
  const listed = entries('manifest-sha256.txt').map(({ file }) => path.join(place, file))
  const oxum = `${payload.reduce((sum, name) => sum + statSync(name).size, 0)}.${payload.length}`
  return [
    ...(read('bagit.txt') === 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n'
      ? []
      : ['bagit.txt']),
    ...all
      .filter(
        ({ sum, file }) =>
          createHash('sha256')
            .update(readFileSync(path.join(place, file)))
            .digest('hex') !== sum,
      )
      .map(({ file }) => `${file} is not what its manifest says`),
    ...payload.filter((name) => !listed.includes(name)),
    ...(read('bag-info.txt').includes(`Payload-Oxum: ${oxum}\n`) ? [] : ['Payload-Oxum']),
  ]
}

bag('a bag is valid by RFC 8493, takes no second copy, and replaces the one before', async () => {
  const { db, top, session } = await createProject()
  for (let turn = 0; turn < 2; turn++) {
    const made = await writeBag(db, session)
    assert.equal([made.folder, made.files], [path.join(top, '26-11-20_Tide_bag'), 3])
    assert.equal(complaints(made.folder), [])
  }
  assert.equal(readdirSync(top).sort(), ['26-11-20_Tide', '26-11-20_Tide_bag'])
  const [one, other] = ['26-11-20_Tide/', '26-11-20_Tide_bag/data/'].map((place) =>
    statSync(`${top}/${place}${names[0]}`),
  )
  assert.is(one?.ino, other?.ino)
  truncateSync(path.join(top, '26-11-20_Tide_bag/data', names[0] ?? ''), 5)
  assert.is(complaints(path.join(top, '26-11-20_Tide_bag')).length, 2, 'and damage is found')
  await db.destroy()
})

bag('sha256sum, which everybody has, checks the tag files', async () => {
  const { db, session } = await createProject()
  const { folder: place } = await writeBag(db, session)
  const said = execFileSync('sha256sum', ['-c', 'tagmanifest-sha256.txt'], { cwd: place }).toString()
  assert.equal(said.trim().split('\n').length, 3)
  await db.destroy()
})

bag('what is not as it was made, or not there, is not put into a bag', async () => {
  const { db, top, session } = await createProject()
  truncateSync(path.join(top, '26-11-20_Tide', names[0] ?? ''), 5)
  assert.match((await refusal(writeBag(db, session))).message, '1 not as it was made')
  assert.not(existsSync(path.join(top, '26-11-20_Tide_bag')))
  const empty = await addSession(db, { output_path: null })
  assert.match((await refusal(writeBag(db, empty))).message, 'made nothing')
  await db.destroy()
})

bag.run()
