import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changes, FrameOutput } from '../../../src/tui/screen/frame-output.ts'

/** A terminal that knows what `changes` uses. */
class Terminal {
  rows: string[] = []
  #at = 0

  write(text: string): void {
    for (const [, row, erase, plain] of text.matchAll(
      /\u001b\[(\d+);1H|\u001b\[(2[JK]|\?2026[hl])|([^\u001b]+)/g,
    )) {
      if (row !== undefined) this.#at = Number(row) - 1
      else if (erase === '2J') this.rows = []
      else if (erase === '2K') this.rows[this.#at] = ''
      else if (plain !== undefined) this.rows[this.#at] = (this.rows[this.#at] ?? '') + plain
    }
  }

  shown(): string {
    return Array.from(this.rows, (row) => row ?? '')
      .join('\n')
      .replace(/\n+$/, '')
  }
}

const rest = fc.array(fc.constantFrom('', 'a', 'bb', 'one line', '│ x │'), { maxLength: 12 })
const frame = rest.map((lines) => ['first', ...lines])

describe('frames', () => {
  it('show what they are, whatever was there before', () => {
    fc.assert(
      fc.property(fc.array(frame, { minLength: 1, maxLength: 6 }), (frames) => {
        const terminal = new Terminal()
        terminal.write('leftovers')
        const output = new FrameOutput(
          (text) => terminal.write(text),
          () => ({ columns: 80, rows: 24 }),
        )
        for (const lines of frames) {
          output.write(lines.join('\n'))
          expect(terminal.shown()).toBe(lines.join('\n').replace(/\n+$/, ''))
        }
      }),
    )
  })

  it('write only what differs, and never clear the screen for it', () => {
    expect(changes(['a', 'b', 'c'], ['a', 'B', 'c'])).toBe('\u001b[2;1H\u001b[2KB')
    expect(changes(['a'], ['a'])).toBe('')
    expect(changes(['a', 'b'], ['a'])).toBe('\u001b[2;1H\u001b[2K')
  })

  it('of the same content write nothing at all', () => {
    const written: string[] = []
    const output = new FrameOutput(
      (text) => void written.push(text),
      () => ({ columns: 80, rows: 24 }),
    )
    output.write('a\nb')
    output.write('a\nb')
    expect(written).toEqual(['\u001b[?2026h\u001b[2J\u001b[1;1H\u001b[2Ka\u001b[2;1H\u001b[2Kb\u001b[?2026l'])
    output.forget()
    output.write('a\nb')
    expect(written[1]).toBe(written[0])
  })

  it('never go below the last row of the terminal, and say when they are written', () => {
    const terminal = new Terminal()
    const output = new FrameOutput(
      (text) => terminal.write(text),
      () => ({ columns: 80, rows: 2 }),
    )
    let isDone = false
    output.write('a\nb\nc', () => {
      isDone = true
    })
    expect([terminal.shown(), isDone, output.columns]).toEqual(['a\nb', true, 80])
  })
})
