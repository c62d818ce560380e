import type { ProtocolName } from '../../core/protocol-name.ts'
import {
  type TranslatedRequest,
  type TranslationJob,
  translateRequest,
} from '../translation/translate-request.ts'
import { type InspectedBody, inspectBody } from './inspect.ts'

/** What is done with a request's body: pure, so that it can be done anywhere. */
export type BodyTask =
  | { kind: 'inspect'; protocol: ProtocolName; measures: boolean }
  | { kind: 'translate'; job: TranslationJob }

export interface TaskResults {
  inspect: InspectedBody
  translate: TranslatedRequest
}

/** Throws what `inspectBody` and `translateRequest` throw. */
export function doTask(task: BodyTask, bytes: Buffer): TaskResults[BodyTask['kind']] {
  return task.kind === 'inspect'
    ? inspectBody(task.protocol, bytes, task.measures)
    : translateRequest(bytes, task.job)
}
