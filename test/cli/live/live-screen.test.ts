import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { openLiveScreen } from '../../../src/cli/live/live-screen.ts'

/** A terminal's stream of so many rows, and what was written to it. */
class Terminal extends EventEmitter {
  written: string[] = []
  rows: number
  constructor(rows: number) {
    super()
    this.rows = rows
  }
  write(text: string): boolean {
    this.written.push(text)
    return true
  }
}
const openOn = (terminal: Terminal) => openLiveScreen(terminal as unknown as NodeJS.WriteStream)

describe('a live screen', () => {
  it('draws each picture over the one before, in one piece and without clearing first', () => {
    const terminal = new Terminal(24)
    const screen = openOn(terminal)
    screen.draw(() => ['one', 'two'])
    screen.draw(() => ['three'])
    screen.close()
    expect(terminal.written).toEqual([
      '\u001b[?1049h\u001b[?25l',
      '\u001b[?2026h\u001b[Hone\u001b[K\r\ntwo\u001b[K\u001b[J\u001b[?2026l',
      '\u001b[?2026h\u001b[Hthree\u001b[K\u001b[J\u001b[?2026l',
      '\u001b[?25h\u001b[?1049l',
      'three\n',
    ])
  })

  it('says how much is below its lower edge', () => {
    const terminal = new Terminal(3)
    const screen = openOn(terminal)
    screen.draw(() => ['1', '2', '3', '4', '5'])
    expect(terminal.written.at(-1)).toContain(
      '1\u001b[K\r\n2\u001b[K\r\n… 3 more lines: make the terminal higher',
    )
    screen.close()
    // All of it stays behind.
    expect(terminal.written.at(-1)).toBe('1\n2\n3\n4\n5\n')
  })

  it('asks for its picture again when the terminal changes, until it is closed', () => {
    const terminal = new Terminal(24)
    const screen = openOn(terminal)
    let width = 80
    screen.draw(() => [`at ${width}`])
    width = 120
    terminal.emit('resize')
    expect(terminal.written.at(-1)).toContain('at 120')
    screen.close()
    const count = terminal.written.length
    terminal.emit('resize')
    expect(terminal.written).toHaveLength(count)
  })

  it('gives the terminal back where the process ends without closing it', () => {
    const terminal = new Terminal(24)
    const before = process.listeners('exit')
    const screen = openOn(terminal)
    const [restore] = process.listeners('exit').filter((listener) => !before.includes(listener))
    restore?.(0)
    expect(terminal.written.at(-1)).toBe('\u001b[?25h\u001b[?1049l')
    screen.close()
    expect(process.listeners('exit')).toEqual(before)
  })
})
