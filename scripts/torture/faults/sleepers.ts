/**
 * Who sleeps: an ffmpeg that is stopped, and a server that is, while another takes its place.
 */

import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../fault.ts'
import { until } from '../stage.ts'
import { someChild } from './kills.ts'

/** Seconds: an owner counts as dead after 15 without a sign of life. */
const takeover = 60

export const ownerAsleep: Fault = {
  kind: 'owner asleep',
  async strike(stage) {
    const sleeper = stage.server()
    sleeper.signal('SIGSTOP')
    const { pid } = await stage.start()
    const isTaken = async () => {
      const { owner, status } = (await stage.state()).session
      return owner?.includes(`:${pid}:`) || owner === null || status === 'completed'
    }
    const taken = await until(isTaken, takeover)
    await sleep(stage.random.whole(0, 1500))
    sleeper.signal('SIGCONT')
    return taken ? 'the owner slept until another had taken over' : 'nobody took over'
  },
  async judge(stage) {
    const dead = stage.servers.filter((server) => !server.lives())
    return dead.map(() => 'one of the two servers has ended')
  },
}

export const childStopped: Fault = {
  kind: 'ffmpeg stopped',
  async strike(stage) {
    const pid = await someChild(stage)
    if (pid === undefined) return 'no ffmpeg was left to stop'
    try {
      process.kill(pid, 'SIGSTOP')
      return 'an ffmpeg stopped'
    } catch {
      return 'the ffmpeg to be stopped had just ended'
    }
  },
}
