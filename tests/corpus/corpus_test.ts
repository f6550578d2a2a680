/**
 * What the corpus has, looked at and searched for cuts, several at once. Whole archives cost some seconds of CPU each, half a
 * minute for a dozen: they are left to `npm run corpus`, and what it finds becomes a test of the step that was at fault.
 */

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { folder, tools } from '../media.ts'
import type { Root } from '../../db/schema.ts'
import { corpus } from './corpus.ts'
import { judge, type Verdict } from './judge.ts'
import { createWorld, type WatchedWorld } from './world.ts'

const test = suite('the corpus')

const quick = corpus.filter(({ thorough }) => !thorough)
const verdicts = new Map<string, Verdict | Error>()

let world: WatchedWorld

test.before(async () => {
  world = await createWorld()
  const root: Root = { id: 1, key: 'media', kind: 'media', path: folder(), name: null, created_at: '' }
  const [queue, court] = [[...quick], { root, world, tools: await tools() }]
  const lane = async () => {
    for (let next = queue.shift(); next; next = queue.shift())
      verdicts.set(next.name, await judge(next, court).catch((error: Error) => error))
  }
  await Promise.all([lane(), lane(), lane()])
})
test.after(() => world.close())

test('nothing outside was opened, and nobody was called', () => assert.equal(world.touched, []))

test('no two inputs have the same name, and there are many', () => {
  assert.is(new Set(corpus.map(({ name }) => name)).size, corpus.length)
  assert.ok(corpus.length >= 200, String(corpus.length))
})

for (const { name, outcome } of quick) {
  test(`${JSON.stringify(name)} is ${outcome.kind === 'either' ? 'accepted or refused in words' : outcome.kind}`, () => {
    const verdict = verdicts.get(name)
    if (!verdict || verdict instanceof Error) throw verdict ?? new Error('It was not looked at.')
    assert.equal(verdict.complaints, [], verdict.said)
  })
}

test.run()
