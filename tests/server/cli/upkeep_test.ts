import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openDatabase } from '../../../db/open.ts'
import { ensureRoot } from '../../../db/roots.ts'
import { databasePath } from '../../../server/open.ts'
import type { RetentionPlan } from '../../../templates/data.ts'
import { addSession, rows } from '../../db/fixture.ts'
import { folder } from '../../media.ts'
import { runHere } from './run.ts'

const upkeep = suite('cutroom upkeep')

const data = folder()
const cutroom = (...args: string[]) => runHere(...args, '--data', data)

upkeep('names what is old, removes it only when told to, and says both as JSON', async () => {
  await cutroom('sessions')
  const db = openDatabase(databasePath({ data }))
  const output = await ensureRoot(db, 'output', `${data}/output`)
  const session = await addSession(db, { artwork: 'Old tide', output_root_id: output.id })
  await rows(db, `update session set status = 'failed'`)
  await rows(db, `update session set updated_at = '2020-01-01 00:00:00.000'`)
  for (const words of [[], ['--dry-run']]) {
    const { code, stdout } = await cutroom('upkeep', 'retention', ...words)
    assert.is(code, 0)
    assert.match(stdout, `session ${session.key}  failed`)
    assert.match(stdout, 'rows: 1 session, 4 operation')
  }
  const plan = JSON.parse((await cutroom('upkeep', 'retention', '--json')).stdout) as RetentionPlan
  assert.equal(
    plan.sessions.map((named) => named.session),
    [session.key],
  )
  assert.is((await cutroom('upkeep', 'retention', '--dry-run', '--yes')).code, 2)
  const done = JSON.parse((await cutroom('upkeep', 'retention', '--yes', '--json')).stdout) as {
    summary: string
  }
  assert.match(done.summary, 'Removed 1 session')
  assert.equal(await rows(db, 'select * from session'), [])
  await db.destroy()
})

upkeep('runs tasks, keeps what came of them, and refuses what it does not know', async () => {
  for (const task of ['vacuum', 'analyze', 'reindex', 'integrity', 'statistics', 'backup', 'fixity'])
    assert.is((await cutroom('upkeep', 'run', task)).code, 0, task)
  assert.match((await cutroom('upkeep', 'runs')).stdout, /integrity +completed/)
  assert.match((await cutroom('upkeep', 'verify')).stdout, 'Read 0 outputs')
  assert.is((await cutroom('upkeep', 'verify', 'nobody')).code, 1)
  const wrong = await cutroom('upkeep', 'run', 'format')
  assert.equal([wrong.code, /is not one of retention, backup/.test(wrong.stderr)], [2, true])
})

upkeep('shows the log by session and level, in words and as JSON', async () => {
  const { stdout } = await cutroom('log')
  assert.match(stdout, /info +Maintenance, vacuum/)
  assert.is((await cutroom('log', '--level', 'error')).stdout, '')
  assert.is((await cutroom('log', '--session', 'nobody')).stdout, '')
  const [line = ''] = (await cutroom('log', '--json', '--lines', '1')).stdout.split('\n')
  assert.is((JSON.parse(line) as { level: string }).level, 'info')
  assert.is((await cutroom('log', '--lines', 'many')).code, 2)
})

upkeep.run()
