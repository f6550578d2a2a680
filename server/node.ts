/**
 * Serves the app on Node: the only place that knows of ports and signals.
 */

import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from './errors.ts'
import type { Config } from './config.ts'
import { createListener, type Listener } from './listener.ts'
import { type Running, start } from './main.ts'

/** Serves until the process is told to end; then children are ended and the work is left to the next start. */
export async function serveApp(config: Config): Promise<void> {
  const running = await startRenewable(config, (line) => void process.stderr.write(`${line}\n`))
  const { server, end } = await listen(running, config)
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : config.port
  console.log(
    `Cutroom serves http${config.tls ? 's' : ''}://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`,
  )
  if (!isLoopback(config.host))
    console.log('Anyone who can reach this address can use it: there are no accounts yet.')
  await Promise.race([ended(), running.failed])
  end()
  await running.close()
}

interface Renewable {
  fetch(request: Request): Promise<Response>
  close(): Promise<void>
  /** Rejects where what gave way could not be begun again. */
  failed: Promise<never>
}

/** Starts all parts; when they are told to begin anew, requests wait until the next ones stand. */
async function startRenewable(config: Config, say: (line: string) => void): Promise<Renewable> {
  let fail: (error: unknown) => void = () => undefined
  const failed = new Promise<never>((_resolve, reject) => (fail = reject))
  failed.catch(() => undefined)
  const begin = () => start(config, say, renew)
  const renew = (act: () => Promise<void>) => {
    current = giveWay(current, act, say).then(begin)
    current.catch(fail)
  }
  let current: Promise<Running> = begin()
  await current
  return {
    fetch: async (request) => (await current).app.fetch(request),
    close: async () => (await current).close(),
    failed,
  }
}

async function giveWay(before: Promise<Running>, act: () => Promise<void>, say: (line: string) => void) {
  await sleep(200) // the answer to who asked for this goes out first
  await (await before).close()
  await act().catch((error: Error) => say(error.message))
}

async function listen(running: Pick<Renewable, 'fetch' | 'close'>, config: Config): Promise<Listener> {
  try {
    const listener = createListener(running.fetch, config.tls)
    listener.server.listen(config.port, config.host)
    await once(listener.server, 'listening')
    return listener
  } catch (error) {
    await running.close()
    throw explain(error as NodeJS.ErrnoException, config)
  }
}

function explain(error: NodeJS.ErrnoException, { host, port }: Config): unknown {
  if (error.code === 'EADDRINUSE') return new AppError('port_taken', { detail: `${host}:${port}` })
  if (error.code === 'EACCES')
    return new AppError('port_taken', { detail: `${host}:${port} needs more rights` })
  if (!error.syscall) return error
  return new Error(`The server cannot listen on ${host}:${port} (${error.message}). Choose another --host.`)
}

const isLoopback = (host: string) => host === 'localhost' || host === '::1' || host.startsWith('127.')

const ended = () =>
  new Promise<void>(
    (resolve) => (
      process.once('SIGINT', resolve),
      process.once('SIGTERM', resolve),
      process.once('SIGHUP', resolve)
    ),
  )
