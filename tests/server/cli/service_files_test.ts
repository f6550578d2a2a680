import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { launchdPlist, systemdUnit } from '../../../server/cli/service_files.ts'
import { folder } from '../../media.ts'

const files = suite('units and plists')

const service = {
  command: ['/opt/R&D "1" 100% $HOME\\x/cutroom', 'serve', '--port', '8080'],
  user: 'studio',
  data: '/srv/<ü> 100%',
  media: '/mnt/it\'s "media"',
  cache: '/srv/cache',
}

/** What systemd makes of a quoted word: its manual of systemd.service, "Command lines" and "Specifiers". */
const unquoted = (word: string) =>
  word.replace(/^"|"$/g, '').replace(/\\(.)/g, '$1').replaceAll('%%', '%').replaceAll('$$', '$')

files('systemd starts the very words that were meant', () => {
  const unit = systemdUnit(service)
  const line = /^ExecStart=(.*)$/m.exec(unit)?.[1] ?? ''
  const words = (line.match(/"(?:[^"\\]|\\.)*"/g) ?? []).map(unquoted)
  assert.equal(words, [...service.command, '--data', service.data])
  assert.match(unit, /^User=studio$/m)
  assert.match(unit, /^ReadWritePaths="\/srv\/<ü> 100%%" "\/mnt\/it's \\"media\\""$/m)
})

files('systemd itself finds nothing to complain of', () => {
  const command = [process.execPath, 'serve']
  const file = path.join(folder(), 'cutroom.service')
  writeFileSync(file, systemdUnit({ ...service, user: 'root', command }))
  try {
    execFileSync('systemd-analyze', ['verify', file], { stdio: 'pipe', encoding: 'utf8' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    console.log('LEFT OUT: there is no systemd here')
  }
})

files('launchd is told in well-formed XML', () => {
  const plist = launchdPlist(service)
  const strings = [...plist.matchAll(/<string>(.*?)<\/string>/gs)].map(([, text = '']) =>
    text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&'),
  )
  for (const word of [...service.command, service.data, service.media, service.user])
    assert.ok(strings.includes(word), word)
  assert.not.match(plist, /&(?!(amp|lt|gt|quot);)/)
})

files.run()
