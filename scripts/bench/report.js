import { cpus, loadavg } from 'node:os'

/** Where and when the numbers were taken: without it they say nothing. */
export function circumstances(options) {
  const [processor] = cpus()
  return {
    at: new Date().toISOString(),
    node: process.version,
    processor: processor?.model ?? 'unknown',
    cores: cpus().length,
    load_before: Number(loadavg()[0].toFixed(2)),
    ...options,
  }
}

/** The rows as a Markdown table: median of the rounds, and their range in brackets. */
export function table(rows) {
  const lines = rows.map(
    ({ what, unit, direct, relay, proxy, note = '' }) =>
      `| ${what} (${unit}) | ${[direct, relay, proxy].map(cell).join(' | ')} | ${note} |`,
  )
  return [
    '| what | direct | bare relay | llmproxy | proxy against relay |',
    '|---|---:|---:|---:|---:|',
    ...lines,
  ].join('\n')
}

function cell(value) {
  if (value === undefined) return ''
  if (typeof value === 'number') return short(value)
  return `${short(value.median)} (${short(value.least)}–${short(value.most)})`
}

function short(number) {
  if (Math.abs(number) >= 1000) return String(Math.round(number))
  return number.toFixed(Math.abs(number) >= 10 ? 1 : 3)
}
