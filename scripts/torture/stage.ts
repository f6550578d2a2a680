/**
 * Where one fault strikes: a data folder of its own, a film in it, the servers, and a session ordered by the real form.
 */

import { cpSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { projectFolderName } from '../../workers/media/naming.ts'
import type { Film } from './films.ts'
import type { Random } from './random.ts'
import { type Means, type Server, startServer } from './server.ts'
import { readState, setPatience, type State } from './state.ts'

export interface Stage {
  random: Random
  film: Film
  /** The data folder. */
  data: string
  /** The film, where the session reads it. */
  master: string
  /** The folder of outputs, once the session has one. */
  project: string
  /** Of the session; empty before it is ordered. */
  key: string
  /** All that were started, the newest last. */
  servers: Server[]
  /** The newest one. */
  server(): Server
  start(): Promise<Server>
  order(): Promise<void>
  state(): Promise<State>
  /** What a person does with the session on its page. */
  post(words: string, form?: Form): Promise<void>
  /** Absolute places of outputs, and of the master, that the fault itself damaged. */
  spoilt: Set<string>
}

/** Fields, some of which may come several times. */
type Form = [name: string, value: string][]

/** Seconds until an ffmpeg that does nothing counts as stuck: nobody wants to wait for two minutes each time. */
const patience = 6

const date = '26-11-20'
const artwork = 'Torture'

export function createStage(data: string, film: Film, means: Means, random: Random): Stage {
  const media = path.join(data, 'media')
  const stage: Stage = {
    random,
    film,
    data,
    master: path.join(media, path.basename(film.path)),
    project: path.join(data, 'output', projectFolderName(date, artwork)),
    key: '',
    servers: [],
    spoilt: new Set(),
    server() {
      const server = stage.servers.at(-1)
      if (!server) throw new Error('No server has been started.')
      return server
    },
    async start() {
      const server = await startServer(data, means)
      stage.servers.push(server)
      return server
    },
    async order() {
      mkdirSync(media, { recursive: true })
      await setPatience(data, patience)
      cpSync(film.path, stage.master)
      const form = { master: path.basename(film.path), artwork, date, ...film.form }
      const answer = await send(stage.server(), '/archives', Object.entries(form))
      stage.key = /\/sessions\/(\w+)/.exec(answer.headers.get('location') ?? '')?.[1] ?? ''
      if (stage.key === '')
        throw new Error(`The session was not ordered: ${answer.status} ${await answer.text()}`)
    },
    state: () => readState(data, stage.key),
    async post(words, form = []) {
      const answer = await send(stage.server(), `/sessions/${stage.key}/${words}`, form)
      if (answer.status >= 400) throw new Error(`${words}: ${answer.status} ${await answer.text()}`)
    },
  }
  return stage
}

const send = (server: Server, where: string, form: Form) =>
  fetch(new URL(where, server.address), {
    method: 'POST',
    body: new URLSearchParams(form),
    redirect: 'manual',
  })

/** Waits until something is true. @returns false where it has not become so in time. */
export async function until(what: () => unknown, seconds: number): Promise<boolean> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(80))
    if (await what()) return true
  return false
}
