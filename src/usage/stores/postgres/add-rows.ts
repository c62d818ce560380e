import type { CountedRow } from '../counted-row.ts'
import type { Query } from './connection.ts'
import { countedLine, countedRecord } from './counted-rows.ts'
import { type Place, places } from './where.ts'

/** So many rows are read at once, and no cursor is held between. */
const pageRows = 5_000

/** Orders in which pages follow each other, and where the next one begins behind a row. */
const orders = {
  time: {
    by: '"timestamp", id',
    after: ({ atMs, record }: LastRow, place: Place) =>
      `("timestamp", id) > (${place(atMs)}::bigint, ${place(record.id)}::text)`,
  },
  coming: { by: 'seq', after: ({ seq }: LastRow, place: Place) => `seq > ${place(seq)}::bigint` },
} as const

type LastRow = CountedRow & { seq: string }

/** Records that fit a condition, page by page. */
export async function* pagesOfRows(
  query: Query,
  condition: (place: Place) => string,
  order: keyof typeof orders,
): AsyncGenerator<CountedRow[]> {
  const { by, after } = orders[order]
  let last: LastRow | null = null
  for (;;) {
    const { values, place } = places()
    const behind: string = last ? ` AND ${after(last, place)}` : ''
    const { rows } = await query<{ line: string; seq: string }>(
      `SELECT ${countedLine} AS line, seq FROM llmproxy_records WHERE ${condition(place)}${behind}
       ORDER BY ${by} LIMIT ${pageRows}`,
      values,
    )
    const page = rows.map(({ line }) => countedRecord(line))
    if (page.length > 0) yield page
    const [row, at] = [rows.at(-1), page.at(-1)]
    if (!row || !at || rows.length < pageRows) return
    last = { ...at, seq: row.seq }
  }
}
