import { describe, expect, test } from 'vitest'
import type { CapturePiece } from '../../../src/capture/reader/items.ts'
import { type AssemblySettings, assemble, isGap } from '../../../src/capture/view/assemble.ts'
import type { CaptureGap, ExchangeView, LegView } from '../../../src/capture/view/view.ts'
import { ExchangeWindow, legsOf } from '../../../src/capture/view/window.ts'
import { aCapture, addRefusal, edited, lastOf, viewsOf } from '../../support/a-capture.ts'
import { itemsOf } from '../../support/capture/items.ts'

interface Found {
  views: ExchangeView[]
  gaps: CaptureGap[]
  /** What was known of the capture's end when each was given. */
  ends: { atNs: number; inOrder: boolean }[]
}

async function assembled(pieces: Iterable<CapturePiece>, settings: AssemblySettings = {}): Promise<Found> {
  const window = new ExchangeWindow()
  const found: Found = { views: [], gaps: [], ends: [] }
  for await (const one of assemble(pieces, window, settings)) {
    if (isGap(one)) found.gaps.push(one)
    else {
      found.views.push(one)
      found.ends.push({ atNs: window.around.endsAtNs, inOrder: window.around.closedInOrder })
    }
  }
  return found
}

/** All of a view but the numbers of its entries. */
function content(view: ExchangeView) {
  const leg = (of: LegView | null) =>
    of && {
      ...{
        ...of,
        headEntry: null,
        body: Buffer.from(of.body()).toString(),
        end: of.end && { ...of.end, entry: 0 },
      },
      chunks: of.chunks.map(({ atNs, bytes }) => ({ atNs, text: Buffer.from(bytes).toString() })),
    }
  const { entries: _, ...rest } = view
  return {
    ...rest,
    ctp: leg(view.ctp),
    ptc: leg(view.ptc),
    attempts: view.attempts.map((attempt) => ({ ...attempt, ptb: leg(attempt.ptb), btp: leg(attempt.btp) })),
  }
}

const streamed = aCapture({ protocol: 'anthropic-messages', stream: true })
const refusedFirst = edited(aCapture(), (x) => addRefusal(x))

describe('records', () => {
  test.each([
    ['a whole answer', aCapture({ stream: false })],
    ['a stream', streamed],
    ['two attempts', refusedFirst],
    ['an exchange that never closed', edited(streamed, (x) => x.unclosed())],
    [
      'an answer that the client left',
      edited(streamed, (x) => x.answer.keepBytes(90).endAs('abort_client', 'gone')),
    ],
  ])('of %s are its exchange', async (_name, capture) => {
    const { views } = await assembled(itemsOf(capture.exchanges))
    expect(views.map(content)).toEqual(viewsOf(capture).map(content))
  })

  test('of interleaved exchanges come apart, each when it closes', async () => {
    const [long, short] = [
      { stream: true, openedMs: 0 },
      { openedMs: 1, session: 's_2' },
    ]
    const capture = edited(aCapture([long, short]), (_x, { exchanges }) => {
      exchanges[0]!.bothAnswers((leg) => leg.delayAll(5_000))
    })
    const { views } = await assembled(itemsOf(capture.exchanges))
    expect(views.map(({ id }) => id)).toEqual(['x_2', 'x_1'])
    expect(views.map(content)).toEqual(viewsOf(capture).map(content))
  })

  test('say in which entries the exchange stands, and each of its chunks', async () => {
    const items = itemsOf(streamed.exchanges)
    const [view] = (await assembled(items)).views
    expect(view?.entries).toEqual({ first: 1, last: items.length - 2 })
    for (const { entry, bytes } of legsOf(view!).flatMap(({ chunks }) => chunks)) {
      expect(items[entry]?.body().bytes).toEqual(bytes)
    }
  })

  test('of a chunk in several pieces are one chunk', async () => {
    const items = itemsOf(aCapture({ stream: false }).exchanges)
    const at = items.findIndex(({ record }) => record.k === 'b' && record.l === 3)
    const whole = items[at]!
    const piece = (from: number, to?: number, more = {}) => ({
      ...whole,
      record: { ...whole.record, ...more } as typeof whole.record,
      body: () => ({ bytes: whole.body().bytes.subarray(from, to), missing: 0 }),
    })
    items.splice(at, 1, piece(0, 10), piece(10, 20, { more: true }), piece(20, undefined, { more: true }))
    const [view] = (await assembled(items)).views
    const btp = view?.attempts[0]?.btp
    expect(btp?.chunks).toHaveLength(1)
    expect(btp?.body()).toEqual(whole.body().bytes)
    expect(btp?.missing).toBe(0)
  })
})

describe('what is lost', () => {
  const isChunk = (n: number) => (item: CapturePiece) =>
    'record' in item && item.record.k === 'b' && item.record.l === 3 && item.record.n === n

  test.each([
    ['in the middle', 2],
    ['at the end', lastOf(streamed).btp.chunks.length - 1],
    ['at the beginning', 0],
  ])('of a leg %s is counted, so that nobody reads it as whole', async (_name, n) => {
    const items = itemsOf(streamed.exchanges).filter((item) => !isChunk(n)(item))
    const [view] = (await assembled(items)).views
    expect(view?.attempts[0]?.btp?.missing).toBe(1)
    expect(view?.ptc?.missing).toBe(0)
  })

  test('of a body because a blob is gone is counted too', async () => {
    const items = itemsOf(streamed.exchanges).map((item) =>
      isChunk(1)(item) ? { ...item, body: () => ({ bytes: Buffer.from('x'), missing: 40 }) } : item,
    )
    const btp = (await assembled(items)).views[0]?.attempts[0]?.btp
    expect(btp?.missing).toBe(40)
    expect(btp?.chunks[1]).toMatchObject({ missing: 40 })
  })

  test('never breaks what is left: any one record, any two halves', async () => {
    const items = itemsOf([
      ...refusedFirst.exchanges,
      ...streamed.exchanges.map((x) => Object.assign(x.clone(), { id: 'x_9' })),
    ])
    for (let i = 0; i < items.length; i++) {
      const { views } = await assembled(items.filter((_, at) => at !== i))
      expect(views.map(({ id }) => id).sort()).toEqual(['x_1', 'x_9'])
      for (const half of [items.slice(i), items.slice(0, i)]) {
        for (const view of (await assembled(half)).views)
          expect(legsOf(view).every((leg) => leg.body())).toBe(true)
      }
    }
  })

  test('gaps come as they are, in their place', async () => {
    const gap: CaptureGap = {
      ...{
        file: 'test.cbor',
        kind: 'damaged',
        offset: 3,
        bytes: 9,
        records: 1,
        atNs: null,
        why: 'x',
        exchanges: [],
      },
    }
    const found = await assembled([gap, ...itemsOf(aCapture().exchanges)])
    expect(found.gaps).toEqual([gap])
    expect(found.views).toHaveLength(1)
  })
})

describe('runs and files', () => {
  const open = edited(streamed, (x) => x.unclosed())
  const later = edited(aCapture(), (x) => Object.assign(x, { id: 'x_2', openedMs: x.openedMs + 3_600_000 }))
  const endNs = viewsOf(open)[0]!.lastAtNs

  test('an exchange goes on in the next file of its run', async () => {
    const items = itemsOf(streamed.exchanges)
    const half = Math.floor(items.length / 2)
    const end = items.at(-1)!
    const second = [items[0]!, ...items.slice(half)].map((item, entry) => ({
      ...item,
      entry,
      file: 'second.cbor',
    }))
    const { views } = await assembled([...items.slice(0, half), end, ...second])
    expect(views.map(content)).toEqual(
      viewsOf(streamed).map((view) => content({ ...view, file: 'test.cbor' })),
    )
    expect(views[0]?.entries).toEqual({ first: 1, last: 1 })
  })

  test('what was open when a run died ended then, not when the next run did', async () => {
    const { views, ends } = await assembled([
      ...itemsOf(open.exchanges, { isOpen: true }),
      ...itemsOf(later.exchanges, { run: 'run-2', file: 'later.cbor' }),
    ])
    expect(views.map(({ id, closed }) => [id, closed === null])).toEqual([
      ['x_1', true],
      ['x_2', false],
    ])
    expect(ends[0]).toEqual({ atNs: endNs, inOrder: false })
  })

  test('a file that was closed in order may be followed by another one of its run', async () => {
    const { views, ends } = await assembled([
      ...itemsOf(open.exchanges),
      ...itemsOf(later.exchanges, { run: 'run-2', file: 'later.cbor' }),
    ])
    expect(views.map(({ id }) => id)).toEqual(['x_2', 'x_1'])
    expect(ends[1]).toEqual({ atNs: endNs, inOrder: true })
  })

  test('while files are followed, no run is over because another begins', async () => {
    const items = itemsOf(streamed.exchanges)
    const other = itemsOf(later.exchanges, { run: 'run-2', file: 'later.cbor' })
    const { views } = await assembled([...items.slice(0, 9), ...other, ...items.slice(9)], { follow: true })
    expect(views.map(({ id, closed }) => [id, closed === null])).toEqual([
      ['x_2', false],
      ['x_1', false],
    ])
  })

  test('in files of the original the same name is another exchange in another file, and may come again in one', async () => {
    const [a, b] = [
      itemsOf(aCapture().exchanges, { version: 2 }),
      itemsOf(aCapture().exchanges, { version: 2, file: 'b' }),
    ]
    const { views } = await assembled([...a, ...b, ...b.slice(1)])
    expect(views.map(({ id, file, protocol }) => [id, file, protocol])).toEqual([
      ['x_1', 'test.cbor', null],
      ['x_1', 'b', null],
      ['x_1', 'b', null],
    ])
  })

  test('what comes of an exchange that has closed is passed over', async () => {
    const items = itemsOf(aCapture().exchanges)
    const late = items.filter(({ record }) => record.k === 'e')
    expect((await assembled([...items, ...late])).views).toHaveLength(1)
  })
})

test('of more open exchanges than may be, the one that is silent for longest is given as it is', async () => {
  const capture = aCapture([{ openedMs: 0 }, { openedMs: 10 }, { openedMs: 20 }])
  const items = itemsOf(capture.exchanges)
  const { views } = await assembled(items, { maxOpen: 2 })
  expect(views[0]).toMatchObject({ id: 'x_1', closed: null })
  expect(views.map(({ id }) => id).sort()).toEqual(['x_1', 'x_2', 'x_3'])
  const byBytes = await assembled(items, { maxOpenBytes: 1 })
  expect(byBytes.views.map(({ id }) => id).sort()).toEqual(['x_1', 'x_2', 'x_3'])
})
