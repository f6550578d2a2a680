/**
 * Opens what every command stands on: the data folder, the database, its roots.
 */

import { accessSync, constants } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { migrateSafely } from '../db/migrate.ts'
import { openDatabase, type Ran } from '../db/open.ts'
import { ensureRoot } from '../db/roots.ts'
import type { Db, Root } from '../db/schema.ts'
import { settings } from '../db/settings.ts'
import { findTools } from '../workers/tools.ts'
import { createPool, type Pool } from '../workers/pool.ts'
import type { Tools } from '../workers/operation.ts'
import type { Config } from './config.ts'
import { type FileSystem, fileSystemOf, networkName } from './disk/network.ts'
import { makeFolder } from './engine/folders.ts'
import { AppError } from './errors.ts'

export interface Store {
  db: Db
  roots: { media: Root; output: Root }
}

export const databasePath = ({ data }: Pick<Config, 'data'>) => path.join(data, 'cutroom.db')

/** Where backups of the database lie. */
export const backupFolder = ({ data }: Pick<Config, 'data'>) => path.join(data, 'backups')

/**
 * Makes the folders that everything lies in.
 * @throws AppError `data_not_writable` or `network_database`.
 */
export function prepareFolders(config: Config): void {
  for (const folder of [config.data, config.media, config.output]) makeWritable(folder)
  refuseNetwork(config, fileSystemOf(config.data))
}

/** @throws AppError `network_database`. */
export function refuseNetwork(
  config: Pick<Config, 'data' | 'allowNetworkDatabase'>,
  on: FileSystem | null,
): void {
  const name = on === null ? null : networkName(on)
  if (name === null || config.allowNetworkDatabase) return
  throw new AppError('network_database', { detail: `${name}, ${config.data}` })
}

/**
 * @param onRan told of every statement once it has run.
 * @throws AppError `data_not_writable`, or the database's own complaint.
 */
export async function openStore(config: Config, onRan?: (ran: Ran) => void): Promise<Store> {
  prepareFolders(config)
  const db = openDatabase(databasePath(config), onRan)
  await migrateSafely(db, backupFolder(config))
  return {
    db,
    roots: {
      media: await ensureRoot(db, 'media', config.media),
      output: await ensureRoot(db, 'output', config.output),
    },
  }
}

export interface Machinery {
  pool: Pool
  tools: Tools
  /** How many operations may run at once. */
  bound: number
}

/** The pool and the tools; what `parallel_workers` says, never more than the cores in effect. */
export async function openMachinery(config: Config, db: Db): Promise<Machinery> {
  const cores = os.availableParallelism()
  const bound = Math.max(1, Math.min((await settings(db)).parallel_workers, cores))
  const tools = await findTools(config.ffmpeg, cores, config.searchPath, config.childEnvironment)
  return { pool: createPool(bound), tools, bound }
}

function makeWritable(folder: string): void {
  try {
    makeFolder(folder)
    accessSync(folder, constants.W_OK)
  } catch (cause) {
    throw new AppError('data_not_writable', { detail: folder, cause })
  }
}
