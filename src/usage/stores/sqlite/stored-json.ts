import { type FieldKind, fieldKinds, fieldNames } from '../../record/fields.ts'
import type { UsageRecord } from '../../record/record.ts'

/** Columns that mostly hold nothing: looking is cheaper than parsing there, and dearer elsewhere. */
const oftenEmpty: ReadonlySet<string> = new Set(['tags', 'tool_names'] satisfies (keyof UsageRecord)[])

/**
 * The JSON text of a record, as `recordJson` makes it, in less time: JSON that is stored is checked and passed on as it
 * stands. So where somebody else wrote it, there may be white space in it, and bytes behind a NUL. `before` and `after`
 * stand around it.
 */
export function storedJson({ before, after }: { before: string; after: string }): string {
  const members = fieldNames.map((name, index) => {
    const beginning = index === 0 ? `${before}{` : ','
    return `'${beginning}"${name}":', ${jsonOf(name, fieldKinds[name])}`
  })
  return `concat(${members.join(', ')}, '}${after}')`
}

function jsonOf(name: string, kind: FieldKind): string {
  switch (kind) {
    case 'boolean':
      return `iif(${name} = 1, 'true', 'false')`
    case 'json':
      // What is no JSON throws.
      return `CASE WHEN ${name} IS NULL THEN 'null'
        WHEN ${oftenEmpty.has(name) ? `${name} = '[]' OR ${name} = '{}' OR ` : ''}json_valid(${name}) THEN ${name}
        ELSE json(${name}) END`
    case 'usd':
      return `json_quote(${name} / 1e9)`
    case 'time':
      return `ifnull(strftime('"%Y-%m-%dT%H:%M:%fZ"', ${name} / 1000.0, 'unixepoch'), 'null')`
    default:
      // Also what does not belong into the column becomes JSON, or throws.
      return `json_quote(${name})`
  }
}
