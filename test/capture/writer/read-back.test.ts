import { describe, expect, it } from 'vitest'
import { isItem } from '../../../src/capture/reader/items.ts'
import { openCapture } from '../../../src/capture/reader/open.ts'
import { verify } from '../../../src/capture/reader/verify.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { agentSession } from '../dedup/agent-session.ts'
import { aWriter } from './a-writer.ts'
import { WrittenExchange } from './an-exchange.ts'
import { settingsFor } from './settings-for.ts'

describe('what was written', () => {
  it('is what our reader reads: every body, nothing damaged, small', async () => {
    const folder = tempFolder()
    const { writer } = aWriter(settingsFor(folder, { maxFileBytes: 40_000 }))
    const sent = new Map<string, Buffer>()
    let rawBytes = 0
    for (const { turn, ctp } of agentSession({
      turns: 20,
      systemCharacters: 20_000,
      turnCharacters: 2_000,
    })) {
      sent.set(`x_${turn}`, ctp)
      rawBytes += 2 * ctp.length
      WrittenExchange.whole(writer, `x_${turn}`, {
        request: ctp,
        chunks: ['data: one\n\ndata: tw', 'o\n\n'],
        session: 's',
      })
    }
    await writer.close()
    expect(writer.state().dropped_records).toBe(0)

    let readBytes = 0
    for await (const piece of openCapture(folder)) {
      if (!isItem(piece)) throw new Error(`${piece.kind}: ${piece.why}`)
      const { record } = piece
      if (record.k !== 'b' || (record.l !== 0 && record.l !== 2)) continue
      const { bytes, missing } = piece.body()
      expect(missing).toBe(0)
      expect(sent.get(record.x)?.equals(bytes)).toBe(true)
      readBytes += bytes.length
    }
    expect(readBytes).toBe(rawBytes)
    const files = await verify(folder)
    expect(files.length).toBeGreaterThan(1)
    expect(files.map(({ isWhole }) => isWhole)).toEqual(files.map(() => true))
    const storedBytes = files.reduce((sum, { bytes }) => sum + bytes, 0)
    expect(rawBytes / storedBytes).toBeGreaterThan(10)
  })
})
