/**
 * Reads the environment, once: the only place that does.
 */

import { existsSync } from 'node:fs'
import path from 'node:path'
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

const environment = z.object({
  PORT: z.coerce.number('PORT must be a number').int().min(0).max(65535).default(8080),
  HOST: z.string().min(1).default('127.0.0.1'),
  CUTROOM_DATA: z.string().min(1).optional(),
  CUTROOM_MEDIA: z.string().min(1).optional(),
  CUTROOM_FFMPEG: z.string().min(1).optional(),
  PATH: z.string().default(''),
  INIT_CWD: z.string().optional(),
})

/**
 * @param given what a person said on the command line; it goes before the environment.
 * @throws Error in words, where a value cannot be used.
 */
export function readConfig(given: { data?: string; port?: string; host?: string } = {}): Config {
  const file = path.join(project, '.env')
  if (existsSync(file)) process.loadEnvFile(file)
  const read = environment.safeParse({
    ...withoutEmpty(process.env),
    ...withoutEmpty({ PORT: given.port, HOST: given.host }),
  })
  if (!read.success)
    throw new Error(
      read.error.issues.map(({ path: [key], message }) => `${String(key)}: ${message}`).join('; '),
    )
  const env = read.data
  const cwd = env.INIT_CWD ?? process.cwd()
  const data = given.data ? path.resolve(cwd, given.data) : path.resolve(project, env.CUTROOM_DATA ?? 'data')
  return {
    port: env.PORT,
    host: env.HOST,
    data,
    media: env.CUTROOM_MEDIA ? path.resolve(project, env.CUTROOM_MEDIA) : path.join(data, 'media'),
    output: path.join(data, 'output'),
    ffmpeg: env.CUTROOM_FFMPEG,
    searchPath: env.PATH,
    cwd,
  }
}

/** An empty variable is one that is not set. */
const withoutEmpty = (values: Record<string, string | undefined>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== ''))
