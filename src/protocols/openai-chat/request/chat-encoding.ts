import type { Call } from '../../../core/call.ts'
import { Lost } from '../../../core/losses.ts'
import type { TranslationTarget } from '../../../core/protocol.ts'
import { familyOf } from '../../translation/model-families.ts'
import { chatNames, TargetNames } from '../../translation/tool-target-names.ts'
import { type ChatDialect, dialectOf } from './dialects.ts'

/** What a request loses on its way to a chat backend. */
export class ChatLost extends Lost<'request', 'openai-chat'> {}

/** What everything that encodes a part of a call must know. */
export interface ChatEncoding {
  call: Call
  target: TranslationTarget
  dialect: ChatDialect
  family: ReturnType<typeof familyOf>
  names: TargetNames
  /** Collects custom tools that are offered as functions. */
  wrapped: string[]
  lost: ChatLost
}

export function chatEncoding(call: Call, target: TranslationTarget): ChatEncoding {
  return {
    call,
    target,
    dialect: dialectOf(target),
    family: familyOf(target.model),
    names: new TargetNames(chatNames),
    wrapped: [],
    lost: new ChatLost(),
  }
}

/** OpenAI's own names for models that reason. */
export function usesNewerNames({ dialect, family }: ChatEncoding): boolean {
  return dialect.newerNames && family.reasoning !== 'none'
}
