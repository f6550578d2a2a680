import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { runCampaign } from '../scripts/torture/campaign.ts'
import { bundledFfmpeg } from '../workers/tools.ts'

const torture = suite('torture')

const kinds = [
  ...['server killed', 'ffmpeg killed', 'everything killed'],
  ...['output truncated', 'temp file removed', 'temp file truncated'],
]

torture('whatever happens to a session, nothing is lost, torn, done twice or left behind', async () => {
  const lines: string[] = []
  const print = (line: string) => void lines.push(line)
  const wishes = {
    seed: 1,
    first: 0,
    faults: kinds.length,
    perSession: 3,
    minutes: 12,
    short: true,
    kinds,
    ffmpeg: bundledFfmpeg(),
    print,
  }
  const tallies = await runCampaign(wishes)
  assert.is(
    tallies.reduce((sum, { faults }) => sum + faults, 0),
    kinds.length,
  )
  assert.ok(
    tallies.every(({ violations }) => violations === 0),
    lines.join('\n'),
  )
})

torture('a kind of fault that is not there is named, with those that are', async () => {
  const wishes = { seed: 1, first: 0, faults: 1, minutes: 1, ffmpeg: bundledFfmpeg(), print: () => undefined }
  try {
    await runCampaign({ ...wishes, kinds: ['flood'] })
    assert.unreachable('it ran')
  } catch (error) {
    assert.match((error as Error).message, /no fault “flood”\. There are server killed, /)
  }
})

torture.run()
