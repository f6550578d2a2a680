/**
 * `cutroom service`: prints what a system needs to keep Cutroom running.
 */

import os from 'node:os'
import path from 'node:path'
import { readConfig } from '../config.ts'
import { launchdPlist, type Service, systemdUnit } from './service_files.ts'
import { dataOf } from './archive.ts'
import { type Command, dataOption, oneOf, print, text } from './command.ts'

const kinds = ['systemd', 'launchd'] as const

export const service: Command = {
  usage: 'service [--kind systemd|launchd] [--user NAME] [--host ADDRESS] [--port NUMBER]',
  summary: 'print a systemd unit or a launchd plist that keeps Cutroom running',
  words: [0, 0],
  options: {
    kind: { type: 'string', value: kinds.join('|'), help: 'which of them (what this machine has)' },
    user: { type: 'string', value: 'NAME', help: 'who it runs as (you)' },
    host: { type: 'string', value: 'ADDRESS', help: 'where to listen (127.0.0.1: this machine only)' },
    port: { type: 'string', value: 'NUMBER', help: 'the port (8080)' },
    ...dataOption,
  },

  async run(_words, given) {
    const [host, port] = [text(given, 'host'), text(given, 'port')]
    const config = readConfig({ ...dataOf(given), ...(host && { host }), ...(port && { port }) })
    const kind = oneOf(given, 'kind', kinds, process.platform === 'darwin' ? 'launchd' : 'systemd')
    const asked: Service = {
      command: [...startedBy(), 'serve', '--host', config.host, '--port', String(config.port)],
      user: text(given, 'user') ?? os.userInfo().username,
      data: config.data,
      media: config.media,
      cache: path.join(config.data, 'cache', 'program'),
    }
    print((kind === 'launchd' ? launchdPlist : systemdUnit)(asked).trimEnd())
    return 0
  },
}

/** How this very Cutroom was started: an executable names itself twice, a script stands behind its Node. */
const startedBy = () => [...new Set([process.execPath, ...process.argv.slice(1, 2)])]
