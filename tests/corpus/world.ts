/**
 * What lies about the corpus and must not be touched: a pipe that tells when it is opened, a port that tells when it is called.
 */

import { execFileSync } from 'node:child_process'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import path from 'node:path'
import { folder } from '../media.ts'
import type { World } from './specimen.ts'

export interface WatchedWorld extends World {
  /** What was touched so far; empty as it should be. */
  touched: string[]
  close(): Promise<void>
}

export async function createWorld(): Promise<WatchedWorld> {
  const touched: string[] = []
  const tripwire = path.join(folder(), 'secret.mov')
  execFileSync('mkfifo', [tripwire])
  let closing = false
  // Opening a pipe for writing waits until somebody opens it for reading.
  const trap = open(tripwire, 'w').then((handle) => {
    if (!closing) touched.push(`${tripwire} was opened`)
    return handle.close()
  })
  const server = createServer((socket) => {
    touched.push('somebody called the port')
    socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    tripwire,
    port: (server.address() as AddressInfo).port,
    touched,
    async close() {
      closing = true
      const own = await open(tripwire, constants.O_RDONLY | constants.O_NONBLOCK)
      await trap
      await own.close()
      server.close()
    },
  }
}
