/**
 * Progress on stderr: bars on a terminal, plain lines elsewhere.
 */

import { MultiBar, type SingleBar } from 'cli-progress'
import type { Operation } from '../../db/schema.ts'
import { pipelineNamed } from '../../workers/pipelines/mod.ts'
import { say } from './command.ts'

export interface ProgressView {
  show(pipeline: string, operations: readonly Operation[]): void
  close(): void
}

export const createProgressView = (): ProgressView => (process.stderr.isTTY ? barView() : lineView())

function barView(): ProgressView {
  const format = '{title} {bar} {percent}  {how}'
  const bars = new MultiBar({
    stream: process.stderr,
    format,
    barsize: 24,
    hideCursor: true,
    clearOnComplete: false,
    barCompleteChar: '█',
    barIncompleteChar: '░',
  })
  const shown = new Map<number, SingleBar>()
  const stop = () => bars.stop()
  process.once('exit', stop) // a second Ctrl-C ends the process at once; its cursor comes back all the same
  return {
    show(pipeline, operations) {
      for (const operation of operations) {
        if (operation.started_at === null && operation.status !== 'failed') continue
        const payload = {
          title: titleOf(pipeline, operation).padEnd(18),
          percent: percent(operation),
          how: describe(operation),
        }
        const bar = shown.get(operation.id) ?? bars.create(1, 0, payload)
        shown.set(operation.id, bar)
        bar.update(operation.progress, payload)
      }
    },
    close() {
      process.off('exit', stop)
      stop()
    },
  }
}

/** A line when a step starts and when it ends: readable in a log. */
function lineView(): ProgressView {
  const told = new Map<number, string>()
  return {
    show(pipeline, operations) {
      for (const operation of operations) {
        if (operation.status === 'pending' || told.get(operation.id) === operation.status) continue
        told.set(operation.id, operation.status)
        say(`${titleOf(pipeline, operation)}: ${describe(operation)}`)
      }
    },
    close: () => undefined,
  }
}

function describe({
  status,
  seconds,
  unit,
  units_per_second,
  seconds_left,
  error_message,
}: Operation): string {
  if (status === 'completed') return seconds === null ? 'completed' : `completed in ${seconds.toFixed(1)} s`
  if (status !== 'processing') return error_message ? `${status}: ${error_message.split('\n')[0]}` : status
  const rate = units_per_second === null || unit === null ? '' : rateText(units_per_second, unit)
  const left = seconds_left === null ? '' : `${duration(seconds_left)} left`
  return [rate, left].filter(Boolean).join(', ') || 'processing'
}

const rateText = (perSecond: number, unit: string) =>
  unit === 'bytes'
    ? `${(perSecond / 1e6).toFixed(0)} MB/s`
    : `${perSecond.toFixed(perSecond < 10 ? 1 : 0)} ${unit}/s`

const duration = (seconds: number) =>
  seconds < 60
    ? `${Math.ceil(seconds)} s`
    : `${Math.floor(seconds / 60)} min ${String(Math.round(seconds % 60)).padStart(2, '0')} s`

const percent = ({ progress }: Operation) => `${Math.floor(progress * 100)}%`.padStart(4)

const titleOf = (pipeline: string, { name }: Operation) =>
  pipelineNamed(pipeline).steps.find(({ operation }) => operation.name === name)?.operation.title ?? name
