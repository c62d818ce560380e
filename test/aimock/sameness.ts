const namesOfIds = new Set([
  'id',
  'item_id',
  'call_id',
  'tool_call_id',
  'tool_use_id',
  'responseId',
  'request_id',
  'requestID',
  '_request_id',
  'x-request-id',
  'request-id',
])
// The mock sends whole bodies in chunks; the proxy has them whole and says their length (RFC 9112 §6: a hop's matter).
const namesOfFraming = new Set(['content-length', 'transfer-encoding'])
const namesOfTimes = new Set(['created', 'created_at', 'completed_at'])

/**
 * The value with what the mock makes up anew for every answer replaced: each id by the number of its first
 * appearance, so that ids that were equal stay equal; each time by 0. Headers of framing are left out.
 */
export function withoutChance(value: unknown): unknown {
  const ids = new Map<string, string>()
  const numbered = (id: string) => {
    const known = ids.get(id) ?? `id ${ids.size + 1}`
    ids.set(id, known)
    return known
  }
  const visit = (name: string, found: unknown): unknown => {
    if (namesOfIds.has(name) && typeof found === 'string') return numbered(found)
    if (namesOfTimes.has(name) && typeof found === 'number') return 0
    if (Array.isArray(found)) return found.map((item) => visit('', item))
    if (typeof found !== 'object' || found === null) return found
    return Object.fromEntries(
      Object.entries(found)
        .filter(([key]) => !namesOfFraming.has(key))
        .map(([key, item]) => [key, visit(key, item)]),
    )
  }
  return visit('', value)
}
