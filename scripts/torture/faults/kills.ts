/**
 * What is killed without a word: the server, one ffmpeg of it, or all of them at once as by a power cut.
 */

import type { Fault } from '../fault.ts'
import { ffmpegsIn } from '../server.ts'
import { until } from '../stage.ts'

export const killServer: Fault = {
  kind: 'server killed',
  async strike(stage) {
    const server = stage.server()
    server.signal('SIGKILL')
    await server.ended
    return `kill -9 of the server, ${ffmpegsIn(stage.data).length} ffmpegs go on`
  },
}

export const killGroup: Fault = {
  kind: 'everything killed',
  async strike(stage) {
    const server = stage.server()
    const children = ffmpegsIn(stage.data).length
    server.signalAll('SIGKILL')
    await server.ended
    return `kill -9 of the server and ${children} ffmpegs`
  },
}

export const killChild: Fault = {
  kind: 'ffmpeg killed',
  async strike(stage) {
    const pid = await someChild(stage)
    if (pid === undefined) return 'no ffmpeg was left to kill'
    try {
      process.kill(pid, 'SIGKILL')
      return 'kill -9 of an ffmpeg'
    } catch {
      return 'the ffmpeg to be killed had just ended'
    }
  },
}

/** A child that runs now, or the next one. */
export async function someChild(stage: Parameters<Fault['strike']>[0]): Promise<number | undefined> {
  let children: number[] = []
  await until(() => (children = ffmpegsIn(stage.data)).length > 0, 2)
  return children.length > 0 ? stage.random.pick(children) : undefined
}
