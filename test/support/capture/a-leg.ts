import { type LegParts, legView } from '../../../src/capture/view/leg.ts'
import type { LegView } from '../../../src/capture/view/view.ts'

/** A leg of the backend's answer with these chunks, a second apart from 1 s on, in the entries 1, 2, …. */
export function aLeg(chunks: readonly (string | Uint8Array)[], parts: Partial<LegParts> = {}): LegView {
  return legView({
    ...{
      leg: 'BTP',
      attempt: 1,
      method: null,
      url: null,
      status: 200,
      headers: [],
      headAtNs: 0,
      headEntry: 0,
    },
    ...{ end: null, missing: 0 },
    chunks: chunks.map((chunk, i) => ({
      ...{ atNs: (i + 1) * 1e9, entry: i + 1, missing: 0 },
      bytes: typeof chunk === 'string' ? Buffer.from(chunk) : chunk,
    })),
    ...parts,
  })
}
