import { describe, expect, it } from 'vitest'
import { isBlob, piecesOf } from '../../../../src/capture/dedup/pieces.ts'
import { BlobShelf } from '../../../../src/capture/writer/recent/blob-shelf.ts'

const body = () => Buffer.from(JSON.stringify({ small: 1, large: 'the same words '.repeat(500) }))

describe('a shelf of blobs', () => {
  it('has each blob once, as long as one body has it', () => {
    const shelf = new BlobShelf()
    const first = shelf.keep(piecesOf(body()))
    const { bytes } = shelf
    expect(bytes).toBeGreaterThan(300)
    const second = shelf.keep(piecesOf(body()))
    expect(shelf.bytes).toBe(bytes)
    shelf.giveBack(first)
    expect(shelf.bytes).toBe(bytes)
    shelf.giveBack(second)
    expect(shelf.bytes).toBe(0)
  })

  it('keeps copies of what it is given', () => {
    const shelf = new BlobShelf()
    const lent = body()
    const kept = shelf.keep(piecesOf(lent))
    lent.fill(0)
    const plain = kept.map((piece) => (isBlob(piece) ? piece.record().len : piece.toString()))
    expect(plain).toEqual(['{"small":1', 7_511, '}'])
  })
})
