import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Spool } from '../../../../src/cli/capture/inspect/spool.ts'

async function poured(texts: readonly string[]): Promise<string> {
  const spool = new Spool()
  for (const text of texts) spool.write(text)
  const out: string[] = []
  await spool.pour({ write: (text) => out.push(text), flush() {}, full: () => null, close() {} })
  return out.join('')
}

const ours = () => readdirSync(tmpdir()).filter((name) => name.startsWith('llmproxy-inspect-'))

describe('what waits for what stands before it', () => {
  it('comes out as it went in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'binary' })), async (texts) => {
        expect(await poured(texts)).toBe(texts.join(''))
      }),
    )
  })

  it('is kept in a file beyond a few megabytes, letters of several bytes whole, and leaves no file behind', async () => {
    const line = `${'äöü€😀 '.repeat(4_000)}\n`
    const before = ours()
    const out = await poured(Array.from({ length: 220 }, () => line))
    expect(out.length).toBe(line.length * 220)
    expect(out === line.repeat(220)).toBe(true)
    expect(ours()).toEqual(before)
  })
})
