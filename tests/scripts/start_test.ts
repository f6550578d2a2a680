import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { folder } from '../media.ts'

const start = suite('npm start')

const script = path.resolve(import.meta.dirname, '../../scripts/start.mjs')

/** A project whose program says which one it is, built a minute after its source was written. */
function project({ built = true } = {}): string {
  const place = folder()
  const put = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(place, file)), { recursive: true })
    writeFileSync(path.join(place, file), text)
  }
  for (const name of ['server', 'workers', 'templates', 'static', 'db']) put(`${name}/deep/file.ts`, '')
  put('package.json', '{}')
  put('package-lock.json', '{}')
  put('scripts/cutroom.mjs', `console.log('source', process.argv[2])`)
  copyFileSync(script, path.join(place, 'scripts/start.mjs'))
  if (built) {
    put('dist/cutroom.cjs', `console.log('built', process.argv[2])`)
    put('dist/built.json', '{}')
    touch(path.join(place, 'dist/built.json'), 60)
  }
  return place
}

/** @param seconds from now. */
const touch = (file: string, seconds: number) =>
  utimesSync(file, Date.now() / 1000 + seconds, Date.now() / 1000 + seconds)

const said = (place: string) =>
  execFileSync(process.execPath, [path.join(place, 'scripts/start.mjs')], { encoding: 'utf8' }).trim()

start('serves what was built, where no source is younger', () => {
  assert.is(said(project()), 'built serve')
})

start('serves the source where nothing was built', () => {
  assert.is(said(project({ built: false })), 'source serve')
})

start('serves the source where a file has changed since, or came, or went', () => {
  for (const changed of ['db/deep/file.ts', 'static/deep', 'package-lock.json']) {
    const place = project()
    touch(path.join(place, changed), 120)
    assert.is(said(place), 'source serve', changed)
  }
})

start.run()
