import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CaptureDraft } from '../../support/a-capture.ts'
import { type ItemsWishes, itemsOf } from '../../support/capture/items.ts'
import { fileLabel, frame } from '../format/mini-cbor.ts'

/** A capture's bytes, as RFC 8949 and the reference's §3.3 have them: none of our own encoders writes them. */
export function captureBytes({ exchanges }: CaptureDraft, wishes: ItemsWishes = {}): Buffer {
  const items = itemsOf(exchanges, wishes)
  const startNs = items[0]?.wallNs ?? 0
  const frames = items.map(({ record, wallNs }) => {
    if (record.k === 'hdr') return frame({ ...record, wall_ns: BigInt(startNs) })
    return frame({ ...record, t: wallNs - startNs })
  })
  return Buffer.concat([fileLabel, ...frames])
}

export function captureFile(
  folder: string,
  capture: CaptureDraft,
  name = 'run.cbor',
  wishes: ItemsWishes = {},
): string {
  const path = join(folder, name)
  writeFileSync(path, captureBytes(capture, wishes))
  return path
}
