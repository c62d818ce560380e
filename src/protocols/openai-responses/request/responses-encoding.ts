import type { Call } from '../../../core/call.ts'
import { Lost } from '../../../core/losses.ts'
import { familyOf } from '../../translation/model-families.ts'
import { responsesNames, TargetNames } from '../../translation/tool-target-names.ts'
import { nameInNamespace } from '../namespaces.ts'
import type { ResponsesLost } from './encode-content.ts'

/** What all parts of one request's encoding need. */
export interface ResponsesEncoding {
  model: string
  reasons: boolean
  instructionsRole: 'developer' | 'system'
  names: TargetNames
  lost: ResponsesLost
  /** The ids of calls with free text. */
  customCalls: ReadonlySet<string>
  /** A tool's name as an item says it. */
  named: (name: string) => { name: string; namespace?: string }
}

export function encodingFor(call: Call, model: string): ResponsesEncoding {
  const names = new TargetNames(responsesNames)
  const reasons = familyOf(model).reasoning !== 'none'
  const calls = call.messages.flatMap((message) => (message.role === 'assistant' ? message.parts : []))
  return {
    model,
    reasons,
    instructionsRole: reasons ? 'developer' : 'system',
    names,
    lost: new Lost(),
    customCalls: new Set(
      calls.flatMap((part) => (part.type === 'tool_call' && part.custom ? [part.id] : [])),
    ),
    named: (qualified) => {
      const { name, namespace } = nameInNamespace(qualified, call.tools)
      return namespace === undefined ? { name: names.of(name) } : { name, namespace }
    },
  }
}
