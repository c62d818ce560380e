import type { ChalkInstance } from 'chalk'

/** How something is. Each has a sign that says it without colour. */
export type Tone = 'good' | 'warn' | 'bad' | 'muted'

export const signs: Readonly<Record<Tone, string>> = { good: '●', warn: '◐', bad: '✖', muted: '○' }

export function paint(text: string, tone: Tone, chalk: ChalkInstance): string {
  switch (tone) {
    case 'good':
      return chalk.green(text)
    case 'warn':
      return chalk.yellow(text)
    case 'bad':
      return chalk.red(text)
    case 'muted':
      return chalk.dim(text)
  }
}

/** A state that a newer proxy has, and this program does not know, is neither good nor bad. */
const backendTones: Readonly<Record<string, Tone>> = {
  ok: 'good',
  half_open: 'warn',
  cooldown: 'warn',
  full: 'warn',
  excluded: 'bad',
  open: 'bad',
  misconfigured: 'bad',
  no_credential: 'muted',
}

export function backendTone(state: string | null): Tone {
  return backendTones[state ?? ''] ?? 'muted'
}

const statusTones: Readonly<Record<string, Tone>> = { ok: 'good', degraded: 'warn', down: 'bad' }

export function statusTone(status: string | null): Tone {
  return statusTones[status ?? ''] ?? 'muted'
}
