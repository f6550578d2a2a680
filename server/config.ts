/**
 * Reads the environment, once: the only place that does.
 */

import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseEnv } from 'node:util'
import { z } from 'zod'

export interface Config {
  port: number
  host: string
  /** The folder of the database, and of the default roots. */
  data: string
  media: string
  output: string
  /** A binary or its folder; undefined means: look for one. */
  ffmpeg: string | undefined
  /** The PATH that ffmpeg is looked for in. */
  searchPath: string
  /** Where the person stands: relative paths start here, also under `npm run`. */
  cwd: string
}

const project = path.resolve(import.meta.dirname, '..')

const aPort = 'a port is a whole number from 0 to 65535'

const environment = z.object({
  PORT: z.coerce.number(aPort).int(aPort).min(0, aPort).max(65535, aPort).default(8080),
  HOST: z.string().min(1).default('127.0.0.1'),
  CUTROOM_DATA: z.string().min(1).optional(),
  CUTROOM_MEDIA: z.string().min(1).optional(),
  CUTROOM_FFMPEG: z.string().min(1).optional(),
  PATH: z.string().default(''),
})

/**
 * @param given what a person said on the command line; it goes before the environment, and that before `.env`.
 * Relative paths start where they were written: `.env` in the project, the others where the person stands.
 * @throws Error in words, where a value cannot be used.
 */
export function readConfig(given: { data?: string; port?: string; host?: string } = {}): Config {
  const cwd = whereThePersonStands(process.env.INIT_CWD)
  const read = environment.safeParse({
    ...withPathsFrom(project, readEnvFile(path.join(project, '.env'))),
    ...withPathsFrom(cwd, process.env),
    ...withoutEmpty({ PORT: given.port, HOST: given.host }),
  })
  if (!read.success)
    throw new Error(
      read.error.issues.map(({ path: [key], message }) => `${String(key)}: ${message}`).join('; '),
    )
  const env = read.data
  const data = given.data ? path.resolve(cwd, given.data) : (env.CUTROOM_DATA ?? path.join(project, 'data'))
  return {
    port: env.PORT,
    host: env.HOST,
    data,
    media: env.CUTROOM_MEDIA ?? path.join(data, 'media'),
    output: path.join(data, 'output'),
    ffmpeg: env.CUTROOM_FFMPEG,
    searchPath: env.PATH,
    cwd,
  }
}

/** Under `npm run` that is INIT_CWD; one that an npm script further out left behind tells nothing. */
const whereThePersonStands = (initCwd: string | undefined) =>
  initCwd && process.cwd() === project ? initCwd : process.cwd()

const readEnvFile = (file: string) => (existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {})

const folders = ['CUTROOM_DATA', 'CUTROOM_MEDIA', 'CUTROOM_FFMPEG']

const withPathsFrom = (base: string, values: Record<string, string | undefined>) =>
  Object.fromEntries(
    Object.entries(withoutEmpty(values)).map(([name, value]) => [
      name,
      folders.includes(name) ? path.resolve(base, String(value)) : value,
    ]),
  )

/** An empty variable is one that is not set. */
const withoutEmpty = (values: Record<string, string | undefined>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== ''))
