/**
 * The pipelines, by name. What sets them apart is a list; they share the rest.
 */

import { type Operation, OperationError } from '../operation.ts'
import type { Pipeline, Step } from '../pipeline.ts'
import archive from './archive.ts'

export const pipelines = { archive } satisfies Record<string, Pipeline>

export type PipelineName = keyof typeof pipelines

export const isPipeline = (name: string): name is PipelineName => Object.hasOwn(pipelines, name)

/** @throws OperationError where a session was made by a version that knew more pipelines than this one. */
export function pipelineNamed(name: string): Pipeline {
  if (isPipeline(name)) return pipelines[name]
  throw new OperationError('unknown_pipeline', `This version of Cutroom has no pipeline “${name}”.`)
}

/** To name an operation in a pipeline is to register it. */
const operations = new Map<string, Operation>(
  Object.values(pipelines)
    .flatMap((pipeline): readonly Step[] => pipeline.steps)
    .flatMap(({ operation }) => ('run' in operation ? [[operation.name, operation]] : [])),
)

/** @throws OperationError where no pipeline uses that operation any more. */
export function operationNamed(name: string): Operation {
  const operation = operations.get(name)
  if (!operation) throw new OperationError('unknown_operation', `No pipeline uses “${name}” any more.`)
  return operation
}
