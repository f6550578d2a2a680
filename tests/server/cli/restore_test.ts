/**
 * A backup put back from the page of a real server, which begins anew with it in the same process.
 */

import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openDatabase } from '../../../db/open.ts'
import { addArchive, freshDatabase, rows } from '../../db/fixture.ts'
import { folder } from '../../media.ts'
import { createShell, endChildren, until } from './run.ts'

const restore = suite('restore from the page')
restore.after(endChildren)

restore(
  'requests wait while the server begins anew, what was there is kept, and the process is the same',
  async () => {
    const data = folder()
    const file = path.join(data, 'cutroom.db')
    const db = await freshDatabase(file)
    await addArchive(db, { artwork: 'Before', status: 'completed' })
    await db.destroy()
    const { child, ended } = createShell(data).start('serve', '--port', '0')
    let said = ''
    child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()))
    await until(() => /http:\S+/.test(said))
    const address = /http:\S+/.exec(said)?.[0] ?? ''
    const post = (place: string) => fetch(address + place, { method: 'POST', redirect: 'manual' })

    assert.is((await post('/upkeep/backups')).status, 303)
    const listed = async () => (await fetch(`${address}/upkeep/backups`)).text()
    const isMade = /<tr id="(state_backup_\w+\.db)">/
    await until(async () => isMade.test(await listed()))
    const [, name = ''] = isMade.exec(await listed()) ?? []
    const other = openDatabase(file)
    await addArchive(other, { artwork: 'After', status: 'completed' })
    await other.destroy()

    assert.is((await post(`/upkeep/backups/${name}/restore`)).status, 303)
    await until(async () => (await listed()).includes('before_restore_'))
    const page = await listed()
    assert.match(page, new RegExp(`was restored from <span class="tc">${name}</span>, <time`))
    assert.match(page, /kept as <span class="tc">before_restore_\w+\.db</)
    assert.not.match(page, 'being made')
    assert.match(await (await fetch(`${address}/upkeep/maintenance`)).text(), 'Nothing runs now')
    child.kill('SIGTERM')
    assert.is((await ended).code, 0, said)
    const left = openDatabase(file)
    assert.equal(await rows(left, 'select artwork from session'), [{ artwork: 'Before' }])
    await left.destroy()
  },
)

restore.run()
