/**
 * What a session should do next: pure reasoning over its steps and how far each has come.
 */

import type { Operation, OperationStatus } from '../../db/schema.ts'
import type { Pipeline, Step } from '../../workers/pipeline.ts'

export interface Plan {
  /** May start now, in the order they should. */
  ready: Operation[]
  /** Can never start, with the reason. */
  skip: { operation: Operation; reason: string }[]
  /** The failure that ends the session. */
  fatal: Operation | undefined
  /** Somebody's turn: a step waits for a person. */
  waiting: boolean
  /** Nothing is left to do. */
  done: boolean
}

export function planNext(pipeline: Pipeline, operations: readonly Operation[]): Plan {
  const byName = new Map(operations.map((operation) => [operation.name, operation]))
  const statusOf = (name: string): OperationStatus => byName.get(name)?.status ?? 'skipped'
  const pending = pipeline.steps.flatMap((step) => {
    const operation = byName.get(step.operation.name)
    return operation?.status === 'pending' ? [{ step, operation }] : []
  })
  return {
    ready: pending
      .filter(({ step }) => isReady(step, statusOf))
      .sort((a, b) => (a.step.rank ?? 0) - (b.step.rank ?? 0))
      .map(({ operation }) => operation),
    skip: pending.flatMap(({ step, operation }) => {
      const lost = step.needs.find((name) => isLost(statusOf(name)))
      return lost
        ? [{ operation, reason: `It needs “${titleOf(pipeline, lost)}”, which was not completed.` }]
        : []
    }),
    fatal: pipeline.steps.flatMap((step) => {
      const operation = byName.get(step.operation.name)
      return step.vital && operation?.status === 'failed' ? [operation] : []
    })[0],
    waiting: operations.some(({ status }) => status === 'waiting'),
    done: operations.every(({ status }) => isSettled(status)),
  }
}

/** The named operations and everything that was skipped or must be told anew because of them. */
export function withDependants(
  pipeline: Pipeline,
  operations: readonly Operation[],
  names: readonly string[],
): Operation[] {
  const again = new Set(names)
  for (const { operation, needs, after = [], summary } of pipeline.steps) {
    const status = operations.find(({ name }) => name === operation.name)?.status
    const lost = status === 'skipped' && needs.some((name) => again.has(name))
    const outdated = summary === true && status === 'completed' && after.some((name) => again.has(name))
    if (lost || outdated) again.add(operation.name)
  }
  return operations.filter(({ name }) => again.has(name))
}

const isReady = ({ needs, after = [] }: Step, statusOf: (name: string) => OperationStatus) =>
  needs.every((name) => statusOf(name) === 'completed') && after.every((name) => isSettled(statusOf(name)))

const isLost = (status: OperationStatus) =>
  status === 'failed' || status === 'skipped' || status === 'cancelled'

const isSettled = (status: OperationStatus) => status === 'completed' || isLost(status)

const titleOf = (pipeline: Pipeline, name: string) =>
  pipeline.steps.find(({ operation }) => operation.name === name)?.operation.title ?? name
