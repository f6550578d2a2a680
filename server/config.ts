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
  /** Names that people reach the server by besides its own, as behind a proxy. */
  names: string[]
  /** Files of certificate and key; undefined: plain HTTP. */
  tls: { cert: string; key: string } | undefined
  /** The folder of the database, and of the default roots. */
  data: string
  media: string
  output: string
  /** A binary or its folder; undefined means: look for one. */
  ffmpeg: string | undefined
  /** A person's word that the database may lie on a network file system all the same. */
  allowNetworkDatabase: boolean
  /** The PATH that ffmpeg is looked for in. */
  searchPath: string
  /** All that ffmpeg sees of the environment: where its libraries and graphics cards are, and no secret. */
  childEnvironment: Record<string, string>
  /** Where the person stands: relative paths start here, also under `npm run`. */
  cwd: string
}

/** What Cutroom was started from: the project, or where a built one lies. `data` and `.env` are looked for there. */
const home = process.env.CUTROOM_HOME ?? path.resolve(import.meta.dirname, '..')

/** What may be needed to load ffmpeg's libraries, to reach a graphics card, and to write temporary files. */
const harmless = [
  ...['PATH', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'SystemRoot'],
  ...['CUDA_VISIBLE_DEVICES', 'NVIDIA_VISIBLE_DEVICES', 'NVIDIA_DRIVER_CAPABILITIES', 'LIBVA_DRIVER_NAME'],
  ...['TMPDIR', 'TZ'],
]

const aPort = 'a port is a whole number from 0 to 65535'

const environment = z.object({
  PORT: z.coerce.number(aPort).int(aPort).min(0, aPort).max(65535, aPort).default(8080),
  HOST: z.string().min(1).default('127.0.0.1'),
  CUTROOM_DATA: z.string().min(1).optional(),
  CUTROOM_MEDIA: z.string().min(1).optional(),
  CUTROOM_FFMPEG: z.string().min(1).optional(),
  CUTROOM_NAMES: z.string().default(''),
  CUTROOM_ALLOW_NETWORK_DATABASE: z.string().default(''),
  CUTROOM_TLS_CERT: z.string().optional(),
  CUTROOM_TLS_KEY: z.string().optional(),
  PATH: z.string().default(''),
})

/**
 * @param given what a person said on the command line; it goes before the environment, and that before `.env`.
 * Relative paths start where they were written: `.env` in its own folder, the others where the person stands.
 * @throws Error in words, where a value cannot be used.
 */
export function readConfig(given: { data?: string; port?: string; host?: string } = {}): Config {
  const cwd = whereThePersonStands(process.env.INIT_CWD)
  const read = environment.safeParse({
    ...withPathsFrom(home, readEnvFile(path.join(home, '.env'))),
    ...withPathsFrom(cwd, process.env),
    ...withoutEmpty({ PORT: given.port, HOST: given.host }),
  })
  if (!read.success)
    throw new Error(
      read.error.issues.map(({ path: [key], message }) => `${String(key)}: ${message}`).join('; '),
    )
  const env = read.data
  const data = given.data ? path.resolve(cwd, given.data) : (env.CUTROOM_DATA ?? path.join(home, 'data'))
  return {
    port: env.PORT,
    host: env.HOST,
    names: env.CUTROOM_NAMES.toLowerCase()
      .split(/[\s,]+/)
      .filter(Boolean),
    tls: tlsOf(env.CUTROOM_TLS_CERT, env.CUTROOM_TLS_KEY),
    data,
    media: env.CUTROOM_MEDIA ?? path.join(data, 'media'),
    output: path.join(data, 'output'),
    ffmpeg: env.CUTROOM_FFMPEG,
    allowNetworkDatabase: /^(1|true|yes|on)$/i.test(env.CUTROOM_ALLOW_NETWORK_DATABASE),
    searchPath: env.PATH,
    childEnvironment: Object.fromEntries(
      harmless.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
    ),
    cwd,
  }
}

function tlsOf(cert: string | undefined, key: string | undefined): Config['tls'] {
  if (cert && key) return { cert, key }
  if (cert || key)
    throw new Error('CUTROOM_TLS_CERT and CUTROOM_TLS_KEY belong together: one of them is missing.')
  return undefined
}

/** Under `npm run` that is INIT_CWD; one that an npm script further out left behind tells nothing. */
const whereThePersonStands = (initCwd: string | undefined) =>
  initCwd && process.cwd() === home ? initCwd : process.cwd()

const readEnvFile = (file: string) => (existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {})

const places = ['CUTROOM_DATA', 'CUTROOM_MEDIA', 'CUTROOM_FFMPEG', 'CUTROOM_TLS_CERT', 'CUTROOM_TLS_KEY']

const withPathsFrom = (base: string, values: Record<string, string | undefined>) =>
  Object.fromEntries(
    Object.entries(withoutEmpty(values)).map(([name, value]) => [
      name,
      places.includes(name) ? path.resolve(base, String(value)) : value,
    ]),
  )

/** An empty variable is one that is not set. */
const withoutEmpty = (values: Record<string, string | undefined>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== ''))
