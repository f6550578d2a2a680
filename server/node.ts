/**
 * Serves the app on Node: the only place that knows of ports and signals.
 */

import { once } from 'node:events'
import { createAdaptorServer } from '@hono/node-server'
import { AppError } from './errors.ts'
import type { Config } from './config.ts'
import { start } from './main.ts'

/** Serves until the process is told to end; then children are ended and the work is left to the next start. */
export async function serveApp(config: Config): Promise<void> {
  const onError = (error: unknown) => console.error(error instanceof Error ? error.message : error)
  const running = await start(config, onError)
  const server = createAdaptorServer({ fetch: running.app.fetch })
  try {
    server.listen(config.port, config.host)
    await once(server, 'listening')
  } catch (error) {
    await running.close()
    throw explain(error as NodeJS.ErrnoException, config)
  }
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : config.port
  console.log(`Cutroom serves http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`)
  if (!isLoopback(config.host))
    console.log('Anyone who can reach this address can use it: there are no accounts yet.')
  await ended()
  server.close()
  if ('closeAllConnections' in server) server.closeAllConnections()
  await running.close()
}

function explain(error: NodeJS.ErrnoException, { host, port }: Config): unknown {
  if (error.code === 'EADDRINUSE') return new AppError('port_taken', { detail: `${host}:${port}` })
  if (error.code === 'EACCES')
    return new AppError('port_taken', { detail: `${host}:${port} needs more rights` })
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
