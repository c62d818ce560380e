import { describe, expect, it } from 'vitest'
import { readRecording } from '../../../src/capture/replay/recording.ts'
import { aCapture } from '../../support/a-capture.ts'
import { captureFile } from '../../support/capture/capture-file.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const noon = Date.UTC(2026, 0, 5, 12)
const folder = tempFolder()
/** The first to open is the last to close. */
const capture = aCapture([0, 1, 2].map((at) => ({ openedMs: noon + at, session: `s_${at}` })))
for (const leg of capture.exchanges[0]!.legs()) leg.delayAll(5_000)
const file = captureFile(folder, 'run.cbor', capture)
const ids = async (options: Parameters<typeof readRecording>[1] = {}) =>
  (await readRecording(file, options)).map(({ id }) => id)

describe('what is read to be replayed', () => {
  it('is in the order of opening, whatever closed first', async () => {
    expect(await ids()).toEqual(['x_1', 'x_2', 'x_3'])
  })

  it('is what is meant, and of that the last', async () => {
    expect(await ids({ selects: ({ id }) => id !== 'x_2' })).toEqual(['x_1', 'x_3'])
    expect(await ids({ last: 2 })).toEqual(['x_2', 'x_3'])
    expect(await ids({ last: 1, selects: ({ id }) => id !== 'x_3' })).toEqual(['x_2'])
  })

  it('must fit into memory, and the last of it may where all does not', async () => {
    const views = await readRecording(file)
    const bytes = (view: (typeof views)[number]) =>
      [view.ctp, view.ptc, ...view.attempts.flatMap(({ ptb, btp }) => [ptb, btp])].reduce(
        (sum, leg) => sum + (leg?.body().length ?? 0),
        0,
      )
    const maxBytes = Math.max(...views.map(bytes))
    await expect(ids({ maxBytes })).rejects.toMatchObject({ code: 'record_too_large' })
    expect(await ids({ maxBytes, last: 1 })).toEqual(['x_3'])
  })
})
