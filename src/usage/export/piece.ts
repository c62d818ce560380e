import { csvRows } from './csv-rows.ts'

export type ExportFormat = 'json' | 'jsonl' | 'csv'

/** Records as they stand in an export, whole. */
export interface Piece {
  bytes: Uint8Array
  records: number
}

/** What stands before and behind each record's JSON text. In an array the first comma is one too many. */
export const frames = {
  json: { before: ',\n', after: '' },
  jsonl: { before: '', after: '\n' },
} as const satisfies Partial<Record<ExportFormat, { before: string; after: string }>>

/** Each of `lines` is the JSON text of a record. The bytes have memory of their own: they can be given to another thread. */
export function pieceOf(lines: readonly string[], format: ExportFormat): Piece {
  return { bytes: new TextEncoder().encode(textOf(lines, format)), records: lines.length }
}

function textOf(lines: readonly string[], format: ExportFormat): string {
  if (lines.length === 0) return ''
  if (format === 'csv') return csvRows(lines)
  const { before, after } = frames[format]
  return before + lines.join(after + before) + after
}
