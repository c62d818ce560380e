import type { HeaderPairs } from '../../../core/http.ts'
import { comparedHeaders } from '../../diff/compared-headers.ts'
import type { Difference } from '../../diff/difference.ts'
import { isPassingHeader } from './passing-headers.ts'

/** Their values are compared anyway. */
const compared: ReadonlySet<string> = new Set(comparedHeaders.answer)

/** Headers that the recorded answer had and the new one has not. Values are new each time. */
export function lostHeaders(before: HeaderPairs, after: HeaderPairs): Difference[] {
  const there = new Set(after.map(([name]) => name))
  const seen = new Set<string>()
  return before.flatMap(([name, value]) => {
    if (there.has(name) || seen.has(name) || compared.has(name) || isPassingHeader(name)) return []
    seen.add(name)
    return [{ path: `header ${name}`, kind: 'header' as const, before: value, after: undefined }]
  })
}
