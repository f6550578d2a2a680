/**
 * Each claim of docs/security.md names tests that are there.
 */

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('claims of security')

const page = readFileSync(path.resolve(import.meta.dirname, '../docs/security.md'), 'utf8')
const source = (file: string) => readFileSync(path.join(import.meta.dirname, `${file}.ts`), 'utf8')

/** `file` “title”, “title”… */
const named = (text: string) =>
  [...text.matchAll(/`([\w/]+_test)`((?:,?\s+“[^”]+”)+)/g)].flatMap(([, file = '', titles = '']) =>
    [...titles.matchAll(/“([^”]+)”/g)].map(([, title = '']) => ({ file, title: title.replace(/\s+/g, ' ') })),
  )

const [, table = ''] = /## What is defended\n([^]*?)\n## /.exec(page) ?? []
const claims = table.split('\n').filter((line) => /^\| (?!claim|-)/.test(line))

test('every claim names a test', () => {
  assert.ok(claims.length > 10, String(claims.length))
  for (const claim of claims) assert.ok(named(claim).length > 0, claim)
})

test('every test that is named is there, under its title', () => {
  for (const { file, title } of named(page))
    assert.ok(source(file).includes(`'${title}'`), `${file}: ${title}`)
  const titled = new Set(named(page).map(({ file }) => file))
  for (const [, file = ''] of page.matchAll(/`([\w/]+_test)`/g)) assert.ok(titled.has(file), file)
})

test.run()
