import { headBytes } from '../format/frame.ts'
import type { CaptureGap } from '../view/view.ts'
import type { FoundDamage } from './scanned.ts'

/** `records` of damage is the least that may have been there. */
export function damageGap(file: string, found: Omit<FoundDamage, 'kind'>, atNs: number | null): CaptureGap {
  const { offset, bytes, isTorn, why } = found
  const kind = isTorn ? 'torn_tail' : 'damaged'
  return { file, kind, offset, bytes, records: bytes > headBytes ? 1 : 0, atNs, why, exchanges: [] }
}
