import type { Call } from '../../src/core/call.ts'
import { emptyCall } from '../../src/protocols/translation/empty-call.ts'

/** A call that says nothing but what is given. */
export function bareCall(parts: Partial<Call>): Call {
  return { ...emptyCall({ model: 'gpt-5.1', stream: false }), ...parts }
}
