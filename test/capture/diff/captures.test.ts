import { describe, expect, it } from 'vitest'
import {
  type ComparedPair,
  type CompareOptions,
  compareCaptures,
  compareTwo,
} from '../../../src/capture/diff/captures.ts'
import { aCapture, type CaptureDraft, edited } from '../../support/a-capture.ts'
import { captureFile } from '../../support/capture/capture-file.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const questions = ['one', 'two', 'three', 'four']
const run = aCapture(
  questions.map((content) => ({
    request: { model: 'gpt-4o', messages: [{ role: 'user', content }] },
    session: null,
  })),
)
/** The same again, as another process records it. */
function again(capture: CaptureDraft): CaptureDraft {
  return edited(capture, (_, { exchanges }) => {
    for (const x of exchanges) {
      x.id = x.id.replace('x_', 'y_')
      x.openedMs += 86_400_000
    }
  })
}

async function compared(before: CaptureDraft, after: CaptureDraft, options: Partial<CompareOptions> = {}) {
  const folder = tempFolder()
  const paths = [captureFile(folder, 'a.cbor', before), captureFile(folder, 'b.cbor', after)] as const
  const pairs: ComparedPair[] = []
  for await (const pair of compareCaptures(...paths, { level: 'semantic', ...options })) pairs.push(pair)
  return pairs.map((pair) => {
    if (pair.kind === 'only') return `only ${pair.side} ${pair.exchange.id}`
    const names = `${pair.before.id} ${pair.after.id}`
    return pair.kind === 'apart' ? `apart ${names}` : `${pair.comparison.verdict} ${names} by ${pair.by}`
  })
}

describe('two captures', () => {
  it('of the same run have the same exchanges', async () => {
    expect(await compared(run, run)).toEqual([1, 2, 3, 4].map((at) => `same x_${at} x_${at} by id`))
  })

  it('of two runs are paired by what was asked, in whatever order', async () => {
    const other = edited(again(run), (_, capture) => {
      const times = capture.exchanges.map(({ openedMs }) => openedMs).reverse()
      for (const [at, x] of capture.exchanges.entries()) x.openedMs = times[at] ?? 0
    })
    expect(await compared(run, other)).toEqual([1, 2, 3, 4].map((at) => `same x_${at} y_${at} by request`))
  })

  it('name what differs, and what only one has', async () => {
    const other = edited(again(run), (last, capture) => {
      capture.exchanges[1]?.answer.replaceText('there', 'you')
      last.request.replaceText('four', 'five')
    })
    expect(await compared(run, other)).toEqual([
      ...['same x_1 y_1 by request', 'different x_2 y_2 by request', 'same x_3 y_3 by request'],
      ...['only before x_4', 'only after y_4'],
    ])
  })

  it('too large to be held until both are read are told so, not passed over', async () => {
    const other = edited(again(run), (_, { exchanges }) => {
      for (const [at, x] of exchanges.entries()) x.openedMs += (exchanges.length - at) * 600_000
    })
    const found = await compared(run, other, { maxHeldBytes: 1 })
    expect(found.filter((line) => line.startsWith('apart')).length).toBeGreaterThan(0)
    expect(found.filter((line) => line.startsWith('only'))).toEqual([])
    expect(found).toHaveLength(4)
  })
})

describe('two exchanges of one capture', () => {
  it('are compared by the beginnings of their ids', async () => {
    const path = captureFile(tempFolder(), 'a.cbor', run)
    const pairs: ComparedPair[] = []
    for await (const pair of compareTwo(path, ['x_1', 'x_2'], { level: 'semantic' })) pairs.push(pair)
    expect(pairs).toMatchObject([
      { kind: 'pair', comparison: { differences: [{ leg: 'CTP', path: 'messages[0].content' }] } },
    ])
  })

  it.each([
    ['x_9', 'no exchange x_9 is in'],
    ['x_', 'more than one exchange begins with x_: x_1, x_2'],
  ])('of which %s is none, or not the only one, are refused', async (id, message) => {
    const path = captureFile(tempFolder(), 'a.cbor', run)
    const pairs = compareTwo(path, [id, 'x_2'], { level: 'semantic' })
    await expect(pairs.next()).rejects.toThrow(message)
  })
})
