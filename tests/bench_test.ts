import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { runBench } from '../scripts/bench/run.ts'
import { folder, tools } from './media.ts'

const bench = suite('bench')

bench('in its short form nothing has become much slower beside what it is held against', async () => {
  const lines: string[] = []
  const print = (line: string) => void lines.push(line)
  const none = folder()
  const results = await runBench({
    media: none,
    made: none,
    tools: await tools(),
    rounds: 1,
    short: true,
    print,
  })
  assert.ok(results.length >= 6, lines.join('\n'))
  assert.ok(
    results.every(({ passed }) => passed),
    lines.join('\n'),
  )
})

bench('a row that is not there is named, with those that are', async () => {
  const wishes = { media: '', made: folder(), tools: await tools(), rounds: 1, print: () => undefined }
  try {
    await runBench({ ...wishes, only: ['no-such-row'] })
    assert.unreachable('it ran')
  } catch (error) {
    assert.match((error as Error).message, /no row “no-such-row”\. There are decode-1080p, /)
  }
})

bench.run()
