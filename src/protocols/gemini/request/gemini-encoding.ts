import type { Call } from '../../../core/call.ts'
import { Lost } from '../../../core/losses.ts'
import type { TranslationTarget } from '../../../core/protocol.ts'
import { familyOf } from '../../translation/model-families.ts'
import { geminiNames, TargetNames } from '../../translation/tool-target-names.ts'
import { type GeminiModel, geminiModel } from './gemini-models.ts'

/** What all parts of one request's encoding need. */
export interface GeminiEncoding {
  call: Call
  model: string
  family: ReturnType<typeof familyOf>
  traits: Omit<GeminiModel, 'pattern'>
  names: TargetNames
  lost: Lost<'request', 'gemini'>
  /** Custom tools that are offered as functions. */
  wrapped: string[]
}

export function newEncoding(call: Call, { model }: TranslationTarget): GeminiEncoding {
  return {
    ...{ call, model, family: familyOf(model), traits: geminiModel(model) },
    ...{ names: new TargetNames(geminiNames), lost: new Lost(), wrapped: [] },
  }
}
