import type { CaptureGap } from '../../view/view.ts'
import type { Detector, Fault, Severity } from '../detector.ts'
import { quoted } from '../quoted.ts'

interface Kind {
  severity: Severity
  fault: Fault | null
  what: (gap: CaptureGap) => string
  hint: string
}

/** Reference §4.2, 20. What a killed proxy leaves behind is expected, and no loss of what had been written. */
const kinds: Readonly<Record<CaptureGap['kind'], Kind>> = {
  loss: {
    ...{ severity: 'warn', fault: 'proxy' },
    what: ({ records, why }) => `${records} records were left out of the capture (${quoted(why)}).`,
    hint: 'More passed than could be written, or the disk was full: what is told of these exchanges may be incomplete.',
  },
  damaged: {
    ...{ severity: 'warn', fault: null },
    what: ({ bytes, offset }) => `${bytes} bytes of the capture were damaged${at(offset)}.`,
    hint: '`llmproxy capture verify` lists the damage, `capture recover` copies what is whole.',
  },
  missing_blob: {
    ...{ severity: 'warn', fault: null },
    what: ({ bytes, offset }) => `${bytes} bytes of a body were not in the capture${at(offset)}.`,
    hint: 'The frame that had them is damaged or in another file: `llmproxy capture verify` tells.',
  },
  torn_tail: {
    ...{ severity: 'note', fault: null },
    what: ({ bytes }) =>
      `The capture broke off in the middle of a frame, of which ${bytes} bytes were there.`,
    hint: 'The proxy was killed while it wrote, or this is a copy of a file in use.',
  },
  not_closed: {
    ...{ severity: 'info', fault: null },
    what: () => 'The capture was not ended in order.',
    hint: 'The proxy was killed or is still writing; everything that had been written is there.',
  },
}

export const captureGap: Detector = {
  code: 'capture_gap',
  severity: 'warn',
  summary: 'Something that passed is missing or damaged in the capture',
  *findGap(gap) {
    const { severity, fault, what, hint } = kinds[gap.kind]
    const { kind, offset, bytes, records, why, exchanges } = gap
    yield {
      ...{ severity, fault, hint },
      atNs: gap.atNs,
      description: what(gap),
      evidence: { kind, fileOffset: offset, bytes, records, why: quoted(why), exchanges },
    }
  },
}

function at(offset: number | null): string {
  return offset === null ? '' : ` at offset ${offset}`
}
