import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { isBlob, piecesOf } from '../../../../src/capture/dedup/pieces.ts'
import { asPieces, BlobShelf } from '../../../../src/capture/writer/recent/blob-shelf.ts'

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
    const plain = asPieces(kept).map((piece) => (isBlob(piece) ? piece.record().len : piece.toString()))
    expect(plain).toEqual(['{"small":1', 7_511, '}'])
  })

  it('takes little more memory than it says, also when what it keeps comes one by one among much else', () => {
    // Others in this process come and go: what a shelf takes, it takes each time.
    const rounds = [1, 2, 3].map(() => {
      const shelf = new BlobShelf()
      const { taken, kept } = takenBy(shelf)
      return { taken, kept, said: shelf.bytes }
    })
    const [least] = rounds.sort((a, b) => a.taken - b.taken)
    expect(least?.taken).toBeLessThan(2 * ((least?.said ?? 0) + pieces * (chunk.length + 100)))
  })
})

const pieces = 3_000
const chunk = Buffer.from('data: {"choices":[{"delta":{"content":"a word"}}]}\n\n')

/** `kept`: so that it lives until it is measured. */
function takenBy(shelf: BlobShelf): { taken: number; kept: unknown[] } {
  collectGarbage()
  const before = process.memoryUsage()
  const kept = Array.from({ length: pieces }, (_, i) => {
    // As much as Node's pool holds, so that each chunk would lie in another one.
    for (let other = 0; other < 8_192; other += 1_024) Buffer.from('x'.repeat(1_024))
    return shelf.keep(piecesOf(i % 2 === 0 ? chunk : Buffer.from(`${i} `.repeat(200))))
  })
  collectGarbage()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return { taken: heapUsed - before.heapUsed + arrayBuffers - before.arrayBuffers, kept }
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
}
