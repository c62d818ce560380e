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

/** The rows as a Markdown table: median of the rounds, and their range in brackets. `peerName`: there is one. */
export function table(rows, peerName) {
  const has = (cells) => (peerName === undefined ? cells.toSpliced(3, 1) : cells)
  const line = (first, cells, last) => `| ${[first, ...has(cells), last].join(' | ')} |`
  return [
    line('what', ['direct', 'bare relay', 'llmproxy', peerName], 'proxy against relay'),
    line('---', ['---:', '---:', '---:', '---:'], '---:'),
    ...rows.map(({ what, unit, direct, relay, proxy, peer, note = '' }) =>
      line(`${what} (${unit})`, [direct, relay, proxy, peer].map(cell), note),
    ),
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
