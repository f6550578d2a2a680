/**
 * `cutroom serve`: the server, until it is told to end.
 */

import { readConfig } from '../config.ts'
import { type Command, dataOption, text } from './command.ts'
import { dataOf } from './archive.ts'

export const serve: Command = {
  usage: 'serve [--host ADDRESS] [--port NUMBER]',
  summary: 'serve the pages, and take every session through',
  words: [0, 0],
  options: {
    host: { type: 'string', value: 'ADDRESS', help: 'where to listen (127.0.0.1: this machine only)' },
    port: { type: 'string', value: 'NUMBER', help: 'the port (8080)' },
    ...dataOption,
  },

  async run(_words, given) {
    const { serveApp } = await import('../node.ts') // no other command should wait for the pages to load
    const [host, port] = [text(given, 'host'), text(given, 'port')]
    await serveApp(readConfig({ ...dataOf(given), ...(host && { host }), ...(port && { port }) }))
    return 0
  },
}
