import { execFileSync, spawnSync } from 'node:child_process'
import { onTestFinished } from 'vitest'

/** Whether terminals can be had here: tmux is one that can be asked what it shows. */
export const hasTerminals = spawnSync('tmux', ['-V']).status === 0

export interface Terminal {
  /** The lines that it shows, without what is blank at their ends. */
  shown(): string[]
  /** Keys by tmux's names for them. */
  press(...keys: string[]): void
  /** A line for its shell. */
  run(command: string): void
  resize(columns: number, rows: number): void
  /** Whether it shows another screen than the shell's, and a cursor. */
  screen(): { isAlternate: boolean; hasCursor: boolean }
  /** Ends it, as when a window is closed. */
  close(): void
}

let opened = 0

/** A terminal with a shell in it; it is closed when the test ends. `env` is the whole environment but PATH and TERM. */
export function openTerminal(columns: number, rows: number, env: Readonly<Record<string, string>>): Terminal {
  const socket = `llmproxy-test-${process.pid}-${++opened}`
  const path = process.env.PATH ?? ''
  const options = {
    encoding: 'utf8',
    env: { ...env, PATH: path, TERM: 'xterm-256color', LC_ALL: 'C.UTF-8' },
  } as const
  const tmux = (...args: string[]) =>
    execFileSync('tmux', ['-u', '-L', socket, '-f', '/dev/null', ...args], options)
  const size = (width: number, height: number) => ['-x', String(width), '-y', String(height)]
  tmux('new-session', '-d', '-s', 't', ...size(columns, rows), 'PS1="$ " sh')
  let isOpen = true
  const close = () => {
    if (isOpen) tmux('kill-server')
    isOpen = false
  }
  onTestFinished(close)
  return {
    shown: () => tmux('capture-pane', '-p', '-t', 't').replace(/\n$/, '').split('\n'),
    press: (...keys) => void tmux('send-keys', '-t', 't', ...keys),
    run: (command) => {
      tmux('send-keys', '-t', 't', '-l', command)
      tmux('send-keys', '-t', 't', 'Enter')
    },
    resize: (width, height) => void tmux('resize-window', '-t', 't', ...size(width, height)),
    screen() {
      const [alternate, cursor] = tmux('display', '-p', '-t', 't', '#{alternate_on} #{cursor_flag}')
        .trim()
        .split(' ')
      return { isAlternate: alternate === '1', hasCursor: cursor === '1' }
    },
    close,
  }
}
