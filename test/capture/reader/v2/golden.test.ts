import { expect, test } from 'vitest'
import { readBytes, textsOf } from '../sample.ts'
import { linesOf } from './sample.ts'

/** Written by the original with cbor2 (`reference/original.md` §4.1): a header, a client's request, a stream's start. */
const golden = Buffer.from(
  [
    'a5656d61676963734c4c4d50524f58592d434150545552452d56326776657273696f6e026a637265617465645f6174fb41da4b60d0200000',
    '6a73657373696f6e5f6964627331686d65746164617461a16b636f6e6669675f66696c65f6',
    'a5627473fb41da4b60d05000006364697200637365710064646174614d7b226d6f64656c223a226d227d646d657461a3637369646273316262',
    '6566636c69656e7463726964657265712d31',
    'a6627473fb41da4b60d08000006364697203637365710164646174614c789c4b4c1c6000006a5630e263656e63647a6c6962646d657461a2627373f563726964657265712d31',
  ].join(''),
  'hex',
)

test("a file that the original wrote is read as its exchange's records", async () => {
  const { items, gaps } = await readBytes(golden)
  expect(gaps).toEqual([])
  expect(linesOf(items)).toEqual([
    'hdr',
    'xo req-1',
    's req-1',
    'b req-1 ctp 0 {"model":"m"}',
    'e req-1 ctp',
    's req-1',
    `b req-1 btp1 0 ${'a'.repeat(129)}`,
  ])
  const [header, opened, session, request, , , answer] = items
  expect(header).toMatchObject({
    entry: 0,
    offset: 0,
    version: 2,
    wallNs: 1764590400.5e9,
    record: { v: 2, app: 'llm-interactive-proxy', run: 's1', wall_ns: 1764590400500000000n },
  })
  // The entry whose `seq` is 0 is entry 0.
  expect(opened).toMatchObject({ entry: 0, offset: 93, record: { t: 750_000_000, ep: '' } })
  expect(session!.record).toMatchObject({ session: 's1', requested_model: 'm', stream: false })
  expect(request!.wallNs).toBe(1764590401.25e9)
  expect(answer).toMatchObject({ entry: 1, wallNs: 1764590402e9, record: { t: 1_500_000_000, l: 3, a: 1 } })
})

test('in pieces of any size it is the same', async () => {
  for (const size of [1, 5, 64]) expect(textsOf((await readBytes(golden, size)).items)).toHaveLength(2)
})
