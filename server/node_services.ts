/**
 * The services as Node provides them: commands, disk, pictures, assets, the feed.
 */

import os from 'node:os'
import path from 'node:path'
import type { Db, Root } from '../db/schema.ts'
import type { Tools } from '../workers/operation.ts'
import { orderArchive } from './commands/archive.ts'
import {
  cancelSession,
  pauseSession,
  removeSession,
  resumeSession,
  retryOperation,
} from './commands/sessions.ts'
import { createAssets } from './disk/assets.ts'
import { createDisk } from './disk/disk.ts'
import { createPictures } from './disk/pictures.ts'
import { projectFolder } from './engine/job.ts'
import { createFeed } from './events/feed.ts'
import { createRenderer } from './events/render.ts'
import type { Services, SessionCommands } from './services.ts'
import { version } from './version.ts'

export interface Grounds {
  db: Db
  roots: { media: Root; output: Root }
  tools: Tools
  /** The data folder. */
  data: string
  hosts: readonly string[]
  /** Tells the engine that there may be something to do. */
  wake(): void
  onError(error: unknown): void
}

export interface OpenServices {
  services: Services
  close(): Promise<void>
}

export async function createServices(grounds: Grounds): Promise<OpenServices> {
  const { db, roots, tools, data, hosts, onError } = grounds
  const sessions = createSessionCommands(grounds)
  const render = createRenderer({ db, sessions, onError })
  const feed = createFeed({ db, render, onError })
  const pictures = await createPictures({ db, tools, cache: path.join(data, 'cache', 'pictures'), onError })
  const place = path.resolve(import.meta.dirname, '../static')
  const sample = path.join(place, 'sample', 'sintel.mp4')
  const machine = { version, ffmpeg: tools.version, nvenc: tools.nvenc, cores: os.availableParallelism() }
  const assets = createAssets(place)
  return {
    services: {
      db,
      roots,
      sessions,
      disk: createDisk(tools),
      pictures,
      feed,
      assets,
      machine,
      sample,
      onError,
      hosts,
    },
    async close() {
      pictures.close()
      await feed.close()
    },
  }
}

function createSessionCommands({ db, roots, wake }: Grounds): SessionCommands {
  /** A change that the engine should see at once rather than at its next turn. */
  const waking = async <T>(done: Promise<T>): Promise<T> => {
    const result = await done
    wake()
    return result
  }
  return {
    order: (order) => waking(orderArchive(db, roots.output, order)),
    resume: (key) => waking(resumeSession(db, key)),
    retry: (key, operation) => waking(retryOperation(db, key, operation)),
    pause: (key) => waking(pauseSession(db, key)),
    cancel: (key) => waking(cancelSession(db, key)),
    remove: (key, options) => removeSession(db, key, options),
    outputFolder: async (session) => (session.output_path === null ? null : projectFolder(db, session)),
  }
}
