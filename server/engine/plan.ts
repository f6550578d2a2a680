/**
 * What a session should do next: pure reasoning over its steps and how far each has come.
 */

import type { Operation, OperationStatus } from '../../db/schema.ts'
import { isFromOutside } from '../../workers/failure.ts'
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
      .filter(({ step }) => isReady(step, statusOf) && whyNever(pipeline, step, byName) === undefined)
      .sort((a, b) => (a.step.rank ?? 0) - (b.step.rank ?? 0))
      .map(({ operation }) => operation),
    skip: pending.flatMap(({ step, operation }) => {
      const reason = whyNever(pipeline, step, byName)
      return reason === undefined ? [] : [{ operation, reason }]
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
    const lost = status === 'skipped' && [...needs, ...after].some((name) => again.has(name))
    const outdated = summary === true && status === 'completed' && after.some((name) => again.has(name))
    if (lost || outdated) again.add(operation.name)
  }
  return operations.filter(({ name }) => again.has(name))
}

/**
 * What comes after another is made without it where it cannot be had. Where only trouble from outside kept it from
 * being had, that would come out otherwise than on a better day, and stay so.
 */
function whyNever(pipeline: Pipeline, { needs, after = [], summary }: Step, byName: Map<string, Operation>) {
  const lost = needs.find((name) => isLost(byName.get(name)?.status ?? 'skipped'))
  if (lost) return needsFirst(pipeline, lost)
  const hindered = after.map((name) => byName.get(name)).find(isHindered)
  if (!hindered || summary) return undefined
  return `It comes after “${titleOf(pipeline, hindered.name)}”, which trouble from outside ended: mend that, then resume.`
}

/** Why a step is skipped that cannot do without this one. */
export const needsFirst = (pipeline: Pipeline, name: string) =>
  `It needs “${titleOf(pipeline, name)}”, which was not completed.`

const isHindered = (operation: Operation | undefined) =>
  operation?.status === 'failed' && isFromOutside(operation.error_code)

const isReady = ({ needs, after = [] }: Step, statusOf: (name: string) => OperationStatus) =>
  needs.every((name) => statusOf(name) === 'completed') && after.every((name) => isSettled(statusOf(name)))

const isLost = (status: OperationStatus) =>
  status === 'failed' || status === 'skipped' || status === 'cancelled'

const isSettled = (status: OperationStatus) => status === 'completed' || isLost(status)

const titleOf = (pipeline: Pipeline, name: string) =>
  pipeline.steps.find(({ operation }) => operation.name === name)?.operation.title ?? name
