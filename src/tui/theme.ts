import chalk, { type ChalkInstance } from 'chalk'
import { signs, type Tone } from '../cli/tone.ts'

/** What a piece of text means; colours are chosen here and nowhere else. Each stands beside a sign or a word. */
export type Style = Tone | 'accent' | 'strong'

/** How each looks in a terminal. With colours off, chalk leaves all of them plain. */
export const looks: Readonly<Record<Style, ChalkInstance>> = {
  good: chalk.green,
  warn: chalk.yellow,
  bad: chalk.red,
  muted: chalk.dim,
  /** What is selected, or where the keys go. */
  accent: chalk.cyan.bold,
  strong: chalk.bold,
}

export const glyphs = {
  ...signs,
  stale: '▲',
  issue: '▲',
  selected: '▶',
  descending: '▾',
  ascending: '▴',
} as const

/** From here on a share of errors is doubtful, and bad. */
const errorRatios = { warn: 0.01, bad: 0.05 }
/** From here on a first token is late, and very late. */
const ttftsMs = { warn: 5_000, bad: 20_000 }

export function errorTone(ratio: number | null): Tone | null {
  if (ratio === null || ratio === 0) return 'muted'
  return ratio >= errorRatios.bad ? 'bad' : ratio >= errorRatios.warn ? 'warn' : null
}

export function ttftTone(ms: number | null): Tone | null {
  if (ms === null) return 'muted'
  return ms >= ttftsMs.bad ? 'bad' : ms >= ttftsMs.warn ? 'warn' : null
}

const severityTones = { error: 'bad', warn: 'warn', note: 'muted', info: 'muted' } as const

/** A severity that a newer proxy has is none to worry about. */
export function severityTone(severity: string): Tone {
  return severity in severityTones ? severityTones[severity as keyof typeof severityTones] : 'muted'
}
