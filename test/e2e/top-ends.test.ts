import { describe, expect, it, vi } from 'vitest'
import { hasTerminals } from '../support/terminal.ts'
import { runningTop, soon } from './running-top.ts'

describe.skipIf(!hasTerminals)('top on a terminal (needs tmux; skipped where it is not installed)', () => {
  it.each([
    ['q', 0],
    ['C-c', 0],
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGHUP', 129],
  ])(
    'gives the terminal back after %s',
    async (how, code) => {
      const { terminal, text, pid, modes } = await runningTop('--demo')
      if (how.startsWith('SIG')) process.kill(pid(), how)
      else terminal.press(how)
      await vi.waitFor(() => expect(text()).toMatch(/ended with \d+\ndone$/m), soon)
      expect(text()).toContain(`ended with ${code}\n`)
      expect(text()).not.toContain('Backends')
      expect(terminal.screen()).toEqual({ isAlternate: false, hasCursor: true })
      const { before, after } = modes()
      expect(after).toBe(before)
    },
    40_000,
  )
})
