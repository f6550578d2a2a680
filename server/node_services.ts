/**
 * The services as Node provides them: commands, disk, pictures, assets, the feed.
 */

import os from 'node:os'
import path from 'node:path'
import type { Db, Root } from '../db/schema.ts'
import type { Tools } from '../workers/operation.ts'
import type { Pool } from '../workers/pool.ts'
import { orderArchive } from './commands/archive.ts'
import { remakeSession, staleOutputs } from './commands/remake.ts'
import {
  cancelSession,
  pauseSession,
  removeSession,
  resumeSession,
  retryOperation,
} from './commands/sessions.ts'
import { createAssets } from './disk/assets.ts'
import { createEstimates } from './estimates.ts'
import { createDisk } from './disk/disk.ts'
import type { Room } from './disk/room.ts'
import { folderRefusal } from './disk/refusal.ts'
import { actingAs } from '../db/actors.ts'
import { addOutputRoot } from '../db/roots.ts'
import { createPreviews } from './disk/previews.ts'
import { createPictures } from './disk/pictures.ts'
import { createProxies } from './disk/proxies.ts'
import type { Engine } from './engine/engine.ts'
import { projectFolder } from './engine/job.ts'
import { createFeed } from './events/feed.ts'
import { createRenderer } from './events/render.ts'
import { logFolder } from './log.ts'
import { createMeasures } from './measures.ts'
import { databasePath } from './open.ts'
import type { Log, Services, SessionCommands } from './services.ts'
import { createRegistry } from './registry/registry.ts'
import type { Runner } from './upkeep/runner.ts'
import { createKeeping } from './upkeep/keeping.ts'
import { createUpkeep } from './upkeep/upkeep.ts'
import { version } from './version.ts'

export interface Grounds {
  db: Db
  roots: { media: Root; output: Root }
  tools: Tools
  /** The data folder. */
  data: string
  hosts: readonly string[]
  engine: Pick<Engine, 'wake' | 'sinceTurn'>
  pool: Pick<Pool, 'state'>
  /** How many operations may run at once. */
  bound: number
  log: Log
  runner: Runner
  /** Closes all of this, does something, and begins again; not there where nobody can. */
  restart?: (act: () => Promise<void>) => void
  room: Pick<Room, 'report'>
}

export interface OpenServices {
  services: Services
  close(): Promise<void>
}

/** Where pictures of scenes are kept, a folder for each session. */
export const picturesFolder = (data: string) => path.join(data, 'cache', 'pictures')

export async function createServices(grounds: Grounds): Promise<OpenServices> {
  const { db, roots, tools, data, hosts, log } = grounds
  const onError = log.error
  const sessions = createSessionCommands(grounds)
  const registry = await createRegistry(db, onError)
  const estimates = createEstimates(db, os.availableParallelism())
  const render = createRenderer({ db, sessions, estimates, onError })
  const feed = createFeed({ db, render, onError })
  const pictures = await createPictures({ db, tools, cache: picturesFolder(data), onError })
  const proxies = createProxies({ db, tools, cache: path.join(data, 'cache', 'proxies'), onError })
  const disk = createDisk(tools)
  const previews = await createPreviews({
    disk,
    media: roots.media,
    tools,
    cache: path.join(data, 'cache', 'previews'),
  })
  const place = path.resolve(import.meta.dirname, '../static')
  const sample = path.join(place, 'sample', 'sintel.mp4')
  const machine = {
    version,
    ffmpeg: tools.version,
    nvenc: tools.nvenc,
    cores: os.availableParallelism(),
    filters: tools.filters,
  }
  const assets = createAssets(place)
  const keeping = createKeeping(grounds)
  const upkeep = createUpkeep({
    ...grounds,
    output: roots.output,
    database: databasePath({ data }),
    logs: logFolder(data),
    pictures: picturesFolder(data),
  })
  return {
    services: {
      db,
      roots,
      sessions,
      disk,
      pictures,
      measures: createMeasures(db),
      proxies,
      previews,
      feed,
      estimates,
      registry,
      assets,
      machine,
      async addOutputRoot(folder, name, by) {
        const refusal = await folderRefusal(folder)
        if (refusal === null) await addOutputRoot(actingAs(db, by), folder, name)
        return refusal
      },
      sample,
      log,
      upkeep,
      keeping,
      onError,
      hosts,
    },
    async close() {
      upkeep.close()
      keeping.close()
      pictures.close()
      await registry.close()
      proxies.close()
      await feed.close()
    },
  }
}

function createSessionCommands({ db, roots, engine }: Grounds): SessionCommands {
  /** A change that the engine should see at once rather than at its next turn. */
  const waking = async <T>(done: Promise<T>): Promise<T> => {
    const result = await done
    engine.wake()
    return result
  }
  return {
    order: (order) => waking(orderArchive(db, roots.output, order)),
    resume: (key) => waking(resumeSession(db, key)),
    retry: (key, operation) => waking(retryOperation(db, key, operation)),
    pause: (key) => waking(pauseSession(db, key)),
    cancel: (key) => waking(cancelSession(db, key)),
    remake: (key, options) => waking(remakeSession(db, key, options)),
    stale: (key) => staleOutputs(db, key),
    remove: (key, options) => removeSession(db, key, options),
    outputFolder: async (session) => (session.output_path === null ? null : projectFolder(db, session)),
  }
}
