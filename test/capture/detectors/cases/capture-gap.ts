import type { CaptureGap } from '../../../../src/capture/view/view.ts'
import { type CaptureDraft, edited } from '../../../support/a-capture.ts'
import type { DetectorCases } from './case.ts'

function withGap(capture: CaptureDraft, gap: Partial<CaptureGap> & Pick<CaptureGap, 'kind'>): CaptureDraft {
  return edited(capture, (x, all) => {
    all.gaps.push({
      ...{
        file: 'test.cbor',
        offset: 4096,
        bytes: 812,
        records: 3,
        atNs: x.openedMs * 1e6,
        why: 'it says why',
      },
      exchanges: [x.id],
      ...gap,
    })
  })
}

export const cases: DetectorCases = {
  mutations: [
    {
      name: 'records were dropped because the queue was full',
      apply: (clean) => withGap(clean, { kind: 'loss', why: 'queue_full' }),
      expects: { fault: 'proxy', severity: 'warn' },
    },
    {
      name: 'bytes in the middle of the file are damaged',
      apply: (clean) => withGap(clean, { kind: 'damaged', records: 0, exchanges: [] }),
      expects: { fault: null, severity: 'warn' },
    },
    {
      name: 'a body refers to a blob that is not there',
      apply: (clean) => withGap(clean, { kind: 'missing_blob', records: 1 }),
      expects: { fault: null, severity: 'warn' },
    },
  ],
  nearMisses: [
    {
      name: 'the proxy was killed: no end of the section',
      apply: (clean) => withGap(clean, { kind: 'not_closed', bytes: 0, records: 0, exchanges: [] }),
    },
    {
      name: 'the proxy was killed while it wrote',
      apply: (clean) => withGap(clean, { kind: 'torn_tail', bytes: 40, records: 0, exchanges: [] }),
    },
    {
      name: 'an exchange is open at the end of the file',
      apply: (clean) => edited(clean, (x) => x.unclosed()),
    },
  ],
}
