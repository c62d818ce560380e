import { describe, expect, it } from 'vitest'
import { createFileBlobs } from '../../../src/capture/dedup/file-blobs.ts'

const mebibyte = 1 << 20

describe('file blobs', () => {
  it('are written once, and again every 32 MiB of the file', () => {
    const blobs = createFileBlobs()
    const writtenAt: number[] = []
    for (let offset = 0; offset <= 100 * mebibyte; offset += mebibyte) {
      if (blobs.needs('a', offset)) writtenAt.push(offset / mebibyte)
    }
    expect(writtenAt).toEqual([0, 32, 64, 96])
  })

  it('are written again after what was to be written did not reach the file', () => {
    const blobs = createFileBlobs()
    expect([blobs.needs('a', 10), blobs.needs('a', 20)]).toEqual([true, false])
    blobs.forget()
    expect([blobs.needs('a', 30), blobs.needs('a', 40)]).toEqual([true, false])
  })

  it('forgets what was not used for longest, not more than it has room for', () => {
    const blobs = createFileBlobs()
    const count = 200_000
    for (let i = 0; i < count; i++) blobs.needs(`blob ${i}`, 1)
    expect(blobs.needs('blob 0', 1)).toBe(false)
    expect(blobs.needs('one more', 1)).toBe(true)
    expect(blobs.needs('blob 0', 1)).toBe(false)
    expect(blobs.needs('blob 1', 1)).toBe(true)
  })
})
