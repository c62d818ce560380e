import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type LineColumn, lineLayout } from '../../../../src/cli/capture/inspect/line-columns.ts'
import { progressBar } from '../../../../src/cli/capture/inspect/progress.ts'
import {
  bytesText,
  hexLines,
  isoText,
  shellArgument,
  textLines,
} from '../../../../src/cli/capture/inspect/shown.ts'

describe('bytes in hexadecimal', () => {
  it('are sixteen a line: where, the bytes, and as text', () => {
    expect(hexLines(Buffer.from('Hello, wörld\u001b[2J!!'))).toEqual([
      '00000000  48 65 6c 6c 6f 2c 20 77  c3 b6 72 6c 64 1b 5b 32  |Hello, w..rld.[2|',
      '00000010  4a 21 21                                          |J!!|',
    ])
  })

  it('are all there, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const hex = hexLines(bytes).map((line) => line.slice(10, 59).replaceAll(' ', ''))
        expect(hex.join('')).toBe(Buffer.from(bytes).toString('hex'))
      }),
    )
  })
})

describe('text from outside', () => {
  it('never has what a terminal obeys, and says how many lines were left out', () => {
    const { lines, more } = textLines('one\r\n\u001b[31mtwo\u009b1m\nthree\rfour\n', 80, 2)
    expect(lines).toEqual(['one', '␛[31mtwo\ufffd1m'])
    expect(more).toBe(2)
  })
})

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [48_200, '48.2 kB'],
  [999_700, '1.0 MB'],
  [1_070_000_000, '1.1 GB'],
])('%i bytes are %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text)
})

it('gives times to the microsecond, and none for what is no time', () => {
  expect(isoText(1767614400_123_456_000)).toBe('2026-01-05T12:00:00.123456Z')
  expect(isoText(null)).toBeNull()
  expect(isoText(Number.MAX_VALUE)).toBeNull()
})

it('names a file as a shell takes it', () => {
  expect(shellArgument(null)).toBe('')
  expect(shellArgument('captures/run 1.cbor')).toBe(" 'captures/run 1.cbor'")
  expect(shellArgument("it's")).toBe(" 'it'\\''s'")
})

interface Row {
  name: string
  size: number
  words: string
}
const columns: readonly LineColumn<Row>[] = [
  { title: 'NAME', width: 6, value: ({ name }) => name },
  { title: 'SIZE', width: 6, align: 'right', value: ({ size }) => String(size), dropOrder: 1 },
  { title: 'WORDS', width: 16, value: ({ words }) => words, isLast: true },
]

describe('lines that come one by one', () => {
  const row = { name: 'a', size: 12345678, words: 'as many words as there are' }

  it('have all columns where there is no end to the width', () => {
    expect(lineLayout(columns, Number.POSITIVE_INFINITY).line(row)).toBe(
      'a       12345678  as many words as there are',
    )
  })

  it('leave out whole columns, never cut a number, and cut words only', () => {
    const narrow = lineLayout(columns, 24)
    expect(narrow.hidden).toEqual(['SIZE'])
    expect(narrow.head).toBe('NAME    WORDS')
    expect(narrow.line(row)).toBe('a       as many words a…')
  })
})

describe('the progress of a reading', () => {
  function aBar(isTTY: boolean) {
    const written: string[] = []
    let nowMs = 0
    const stream = { isTTY, columns: 80, write: (text: string) => written.push(text) > 0 }
    const bar = progressBar(stream as never, () => nowMs)
    return {
      written,
      bar,
      at(ms: number) {
        nowMs = ms
      },
    }
  }

  it('is shown on a terminal, after a second, and is gone when something else is written', () => {
    const { bar, written, at } = aBar(true)
    at(900)
    bar.on(100e6, 1e9)
    expect(written).toEqual([])
    at(5_000)
    bar.on(500e6, 1e9)
    expect(written).toEqual([
      '\r\u001b[Kreading  ████████████░░░░░░░░░░░░ 50%  500.0 MB of 1.0 GB  100.0 MB/s  5 s left',
    ])
    bar.clear()
    bar.clear()
    expect(written.slice(1)).toEqual(['\r\u001b[K'])
  })

  it('is never shown in a pipe', () => {
    const { bar, written, at } = aBar(false)
    at(5_000)
    bar.on(500e6, 1e9)
    expect(written).toEqual([])
  })
})
