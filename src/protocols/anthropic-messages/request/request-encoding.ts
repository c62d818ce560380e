import type { Call } from '../../../core/call.ts'
import type { JsonObject } from '../../../core/json.ts'
import type { Lost } from '../../../core/losses.ts'
import { familyOf, type ModelFamily } from '../../translation/model-families.ts'
import type { TargetNames } from '../../translation/tool-target-names.ts'
import { type ClaudeLimits, claudeLimits } from './claude-limits.ts'

/** One request on its way to a backend: what all its parts are written for, and what could not be said. */
export interface RequestEncoding {
  call: Call
  backendType: string
  model: string
  family: Omit<ModelFamily, 'pattern'>
  limits: Omit<ClaudeLimits, 'pattern'>
  lost: Lost<'request', 'anthropic-messages'>
  names: TargetNames
}

export function requestEncoding(
  parts: Pick<RequestEncoding, 'call' | 'backendType' | 'model' | 'lost' | 'names'>,
): RequestEncoding {
  return { ...parts, family: familyOf(parts.model), limits: claudeLimits(parts.model) }
}

/** A message as the API takes it, still open for more blocks of the same role. */
export interface WireMessage extends JsonObject {
  role: 'user' | 'assistant' | 'system'
  content: JsonObject[]
}
