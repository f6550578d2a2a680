/**
 * An R&D folder full of what does not belong there.
 */

import path from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import operation from '../../workers/operations/research.ts'
import { folder, witness } from '../media.ts'
import { emitted, jobFor } from '../workers/job.ts'
import { plain } from './making.ts'
import { research } from './research.ts'
import { createWorld } from './world.ts'

const test = suite('a hostile R&D folder')

test('what can be read is taken, the rest is left out in words, and nothing outside is opened or called', async () => {
  const world = await createWorld()
  try {
    const [job, context, rd] = [await jobFor(await plain()), witness(), folder()]
    job.folders.rd = rd
    for (const { name, make } of research) await make(path.join(rd, name), world)
    await operation.run(job, context)
    for (const { name, outcome } of research) {
      const warned = context.warnings.filter((sentence) => sentence.startsWith(`${name} `))
      assert.is(
        warned.length,
        outcome === 'left out' ? 1 : 0,
        `${name}: ${warned.join() || 'nothing was said'}`,
      )
    }
    const taken = research.filter(({ outcome }) => outcome === 'taken')
    assert.is(emitted(context).length, 2 * taken.length)
    assert.equal(world.touched, [])
    assert.is(context.running.size, 0)
  } finally {
    await world.close()
  }
})

test.run()
