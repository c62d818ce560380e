const longestText = 300
const mostItems = 20

/** Evidence is shown in a few lines: long texts and lists are cut, with a sign that they were. */
export function shortEvidence(evidence: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(evidence).map(([name, value]) => [name, short(value, 3)]))
}

function short(value: unknown, levels: number): unknown {
  if (typeof value === 'string') {
    return value.length > longestText ? `${value.slice(0, longestText - 1)}…` : value
  }
  if (typeof value === 'bigint') return Number(value)
  if (typeof value !== 'object' || value === null) return value
  if (levels === 0) return '…'
  if (Array.isArray(value)) {
    const items = value.slice(0, mostItems).map((item) => short(item, levels - 1))
    return value.length > mostItems ? [...items, `… ${value.length - mostItems} more`] : items
  }
  const members = Object.entries(value).slice(0, mostItems)
  return Object.fromEntries(members.map(([name, member]) => [name, short(member, levels - 1)]))
}
