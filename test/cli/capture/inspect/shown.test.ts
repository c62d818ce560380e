import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  fittedColumns,
  type LineColumn,
  lineLayout,
} from '../../../../src/cli/capture/inspect/line-columns.ts'
import { progressBar } from '../../../../src/cli/capture/inspect/progress.ts'
import {
  bytesText,
  foldedText,
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

it('text in lines is folded as a terminal counts its columns, and loses nothing', () => {
  const text = `${'漢字'.repeat(30)} and so on`
  const lines = foldedText(text, 40)
  expect(lines.map((line) => line.length)).toEqual([20, 20, 20, 9])
  expect(textLines(text, 21, 1).lines).toEqual([`${'漢字'.repeat(5)}…`])
})

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

  it('stand under each other where letters take two columns, and are cut as the terminal counts', () => {
    const layout = lineLayout(columns, 40)
    const wide = { name: '漢字', size: 1, words: '漢字漢字漢字漢字漢字漢字漢字漢字漢字' }
    expect(layout.line(row)).toBe('a       12345678  as many words as ther…')
    expect(layout.line(wide)).toBe('漢字         1  漢字漢字漢字漢字漢字漢…')
  })

  it('are as wide as the rows need; words that may be cut are, before the line is too long', () => {
    const fitted = fittedColumns<Row>(
      [{ title: 'NAME', width: 20, value: ({ name }) => name, leastWidth: 8 }, ...columns.slice(1)],
      [row, { ...row, name: 'a-model-of-a-long-name', size: 5 }],
    )
    const layout = lineLayout(fitted, 36)
    expect(layout.hidden).toEqual(['SIZE'])
    expect(layout.line({ ...row, name: 'a-model-of-a-long-name' })).toBe(
      'a-model-of-a-long…  as many words a…',
    )
    const [name] = fittedColumns(columns, [row])
    expect(name?.width).toBe(4)
    const noWords = fittedColumns(columns, [{ ...row, words: '' }])
    expect(noWords.map(({ title }) => title)).toEqual(['NAME', 'SIZE'])
  })
})

describe('the progress of a reading', () => {
  function aBar(isTTY: boolean, columns = 80) {
    const written: string[] = []
    let nowMs = 0
    const stream = { isTTY, columns, write: (text: string) => written.push(text) > 0 }
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
      '\r\u001b[Kreading  ████████████░░░░░░░░░░░░ 50%  500.0 MB of 1.0 GB  5 s left  100.0 MB/s',
    ])
    bar.clear()
    bar.clear()
    expect(written.slice(1)).toEqual(['\r\u001b[K'])
  })

  it('leaves out what there is no room for, and cuts no number', () => {
    const { bar, written, at } = aBar(true, 60)
    at(5_000)
    bar.on(500e6, 1e9)
    expect(written).toEqual(['\r\u001b[Kreading  ████████████░░░░░░░░░░░░ 50%  500.0 MB of 1.0 GB'])
  })

  it('is never shown in a pipe', () => {
    const { bar, written, at } = aBar(false)
    at(5_000)
    bar.on(500e6, 1e9)
    expect(written).toEqual([])
  })
})
