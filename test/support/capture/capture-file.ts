import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileLabel, frame } from '../../capture/format/mini-cbor.ts'
import type { CaptureDraft } from '../a-capture.ts'
import { itemsOf } from './items.ts'

/** A capture of V3 with these exchanges, as its bytes; encoded without any of the program's code. */
export function captureBytes({ exchanges, closedInOrder }: CaptureDraft, run = 'run-1'): Buffer {
  const items = itemsOf(exchanges, { run, isOpen: !closedInOrder })
  const startNs = items[0]?.wallNs ?? 0
  const frames = items.map(({ record, wallNs }) => {
    const t = Math.round(wallNs - startNs)
    return frame(record.k === 'hdr' ? { ...record, wall_ns: BigInt(startNs) } : { ...record, t })
  })
  return Buffer.concat([fileLabel, ...frames])
}

/** The same as a file in a folder; gives its path. */
export function captureFile(folder: string, name: string, capture: CaptureDraft): string {
  const path = join(folder, name)
  writeFileSync(path, captureBytes(capture))
  return path
}
