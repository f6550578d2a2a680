/**
 * Roots as people see them: what needs each, its name, and its end.
 */

import { actorOf } from './actors.ts'
import { recordEdit } from './edits.ts'
import type { Db, Root } from './schema.ts'

export interface RootUse extends Root {
  /** 1 where a session or a file needs it. */
  in_use: number
}

/** Every root and whether anything needs it, in the order they came. */
export const rootsInUse = (db: Db): Promise<RootUse[]> =>
  db
    .selectFrom('root')
    .selectAll('root')
    .select((eb) =>
      eb
        .or([
          eb.exists(eb.selectFrom('file').select('file.id').whereRef('root_id', '=', 'root.id').limit(1)),
          eb.exists(
            eb.selectFrom('session').select('id').whereRef('output_root_id', '=', 'root.id').limit(1),
          ),
          eb.exists(eb.selectFrom('session').select('id').whereRef('rd_root_id', '=', 'root.id').limit(1)),
        ])
        .$castTo<number>()
        .as('in_use'),
    )
    .orderBy('root.id')
    .execute()

/** Gives a root a name, or with null takes it away. Nothing happens where there is no such root. */
export const renameRoot = (db: Db, key: string, name: string | null): Promise<void> =>
  changeRoot(db, key, 'root.rename', async (tx) => {
    await tx.updateTable('root').set({ name }).where('key', '=', key).execute()
  })

/** Forgets a root that nothing needs; the folder itself stays. A foreign key refuses any other. */
export const removeRoot = (db: Db, key: string): Promise<void> =>
  changeRoot(db, key, 'root.remove', async (tx) => {
    await tx.deleteFrom('root').where('key', '=', key).execute()
  })

function changeRoot(db: Db, key: string, command: string, change: (tx: Db) => Promise<void>): Promise<void> {
  const actor = actorOf(db)
  return db.transaction().execute(async (tx) => {
    const read = () =>
      tx.selectFrom('root').select(['path', 'name']).where('key', '=', key).executeTakeFirst()
    const before = await read()
    await change(tx)
    const after = await read()
    if (before && (!after || before.name !== after.name))
      await recordEdit(tx, { command, subject: `root:${key}`, before, after, actor })
  })
}
