import { describe, expect, it, vi } from 'vitest'
import { searchTalk } from '../../../src/cli/usage/search-talk.ts'

/** What is said of a search that read its first page so long after the start. */
function talkOf(isTTY: boolean, afterMs: number, found: number, looked: number) {
  const written: string[] = []
  const said: string[] = []
  const now = vi.spyOn(Date, 'now').mockReturnValue(1_000_000)
  try {
    const stream = { isTTY, write: (text: string) => written.push(text) > 0 } as unknown as NodeJS.WriteStream
    const talk = searchTalk(stream, (line) => said.push(line))
    now.mockReturnValue(1_000_000 + afterMs)
    talk.onPage(1_100)
    now.mockReturnValue(1_000_000 + afterMs + 150)
    talk.onPage(2_100)
    talk.end(found, looked)
  } finally {
    now.mockRestore()
  }
  return { written, said }
}

describe('what is said of a search', () => {
  it('is nothing where it was short and found something', () => {
    expect(talkOf(true, 10, 3, 1_100)).toEqual({ written: [], said: [] })
  })

  it('is how many were read, where they were many or in vain', () => {
    expect(talkOf(false, 10, 3, 12_345).said).toEqual(['looked through 12,345 exchanges'])
    expect(talkOf(false, 10, 0, 1_100).said).toEqual(['none of 1,100 exchanges matches the filter'])
    expect(talkOf(false, 10, 0, 0).said).toEqual(['no exchanges'])
  })

  it('shows on a terminal how far it is, after a second and not too often, and takes it away in the end', () => {
    expect(talkOf(true, 1_000, 3, 2_100).written).toEqual([
      '\r\u001b[Klooked through 1,100 exchanges',
      '\r\u001b[K',
    ])
    expect(talkOf(false, 5_000, 3, 2_100).written).toEqual([])
  })
})
