import type { VerifiedFile } from '../../../capture/reader/verified-file.ts'
import { jsonRow } from '../inspect/json-rows.ts'

/** What `verify --json` says of each file: names in `snake_case`, times in ISO 8601, legs by their names. */
export function verifyJson(files: readonly VerifiedFile[]): object {
  return { is_whole: files.every(({ isWhole }) => isWhole), files: files.map(fileJson) }
}

const legNames = ['CTP', 'PTC', 'PTB', 'BTP']

function fileJson(file: VerifiedFile): object {
  const { sections, chunkGaps, open, frames, unknown, ...rest } = file
  const leg = <Of extends { leg: number }>(of: Of) => ({ ...of, leg: legNames[of.leg] ?? of.leg })
  return {
    ...jsonRow(rest),
    // Kinds are the file's own names.
    ...{ frames, unknown },
    sections: sections.map(({ startedNs, ...section }) => jsonRow({ ...section, startedAtNs: startedNs })),
    chunk_gaps: chunkGaps.map((gap) => jsonRow(leg(gap))),
    open: open.map(({ id, legs }) => ({ id, legs: legs.map((each) => jsonRow(leg(each))) })),
  }
}
