/**
 * No package runs anything while it is installed unless the project says that it may.
 */

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('install scripts')

const read = (name: string): unknown =>
  JSON.parse(readFileSync(path.resolve(import.meta.dirname, '..', name), 'utf8'))

test('every package with an install script is allowed or forbidden by name, and one alone is allowed', () => {
  const { packages } = read('package-lock.json') as {
    packages: Record<string, { hasInstallScript?: boolean; optional?: boolean }>
  }
  const { allowScripts } = read('package.json') as { allowScripts: Record<string, boolean> }
  const withScripts = Object.entries(packages)
    .filter(([, { hasInstallScript, optional }]) => hasInstallScript && !optional)
    .map(([place]) => place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length))
  assert.ok(withScripts.includes('better-sqlite3'))
  for (const name of withScripts) assert.ok(name in allowScripts, `${name} has an install script`)
  assert.equal(
    Object.keys(allowScripts).filter((name) => allowScripts[name]),
    ['better-sqlite3'],
  )
})

test.run()
