import type { Lost } from '../../../core/losses.ts'
import type { familyOf } from '../../translation/model-families.ts'
import type { TargetNames } from '../../translation/tool-target-names.ts'

/** What all parts of one request's encoding need. */
export interface GeminiEncoding {
  model: string
  family: ReturnType<typeof familyOf>
  names: TargetNames
  lost: Lost<'request', 'gemini'>
  /** Custom tools that are offered as functions. */
  wrapped: string[]
}
