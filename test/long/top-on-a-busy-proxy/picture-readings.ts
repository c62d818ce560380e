import type { LiveSnapshot, Series } from '../../../src/core/live-snapshot.ts'
import {
  backendReadings,
  inFlightReadings,
  issueReadings,
  type Reading,
  type Running,
  recentReadings,
  sessionReadings,
} from './list-readings.ts'
import { readsAs } from './reads-as.ts'
import { boxesOf, tableOf } from './screen.ts'

/** What the proxy told: an answer of its, and the one before. */
export interface Told {
  snapshot: LiveSnapshot
  before: LiveSnapshot | null
}

/** Everything on the screen that is not what the proxy told, in words. */
export function faultsOf(screen: readonly string[], told: Told): string[] {
  const { snapshot } = told
  const faults = [...headerFaults(screen[0] ?? '', snapshot), ...meterFaults(screen, snapshot)]
  const frames = boxesOf(screen).filter(({ title }) => !/^(Traffic|Latency|Cost) /.test(title))
  if (frames.length === 0) faults.push('no list is there')
  return [...faults, ...frames.flatMap(({ title, lines }) => listFaults(title, lines, told))]
}

function headerFaults(header: string, snapshot: LiveSnapshot): string[] {
  const [, inFlight] = / (\d+) in flight/.exec(header) ?? []
  const issues = /▲ ?(\d+)/.exec(header)?.[1] ?? '0'
  return [
    ...fault('in flight', inFlight, inFlight === String(snapshot.in_flight_total)),
    ...fault('issues', issues, issues === String(snapshot.issues_total)),
  ]
}

interface Meter {
  name: string
  pattern: RegExp
  /** One for each group of the pattern. */
  values: (snapshot: LiveSnapshot) => readonly (number | null)[]
  /** The bars beside it, where the pattern has a group `bars`. */
  series?: (snapshot: LiveSnapshot) => Series
}

const bars = '(?<bars>[ ▁▂▃▄▅▆▇█]*)'
const meter = (name: string, pattern: string, values: Meter['values'], series?: Meter['series']): Meter => ({
  ...{ name, pattern: new RegExp(pattern), values },
  ...(series && { series }),
})
const tokensPerSecond = ({ traffic }: LiveSnapshot) =>
  traffic.tokens_in_per_second + traffic.tokens_out_per_second

const wideMeters: readonly Meter[] = [
  meter(
    'requests',
    `req/s +(\\S+) ${bars}peak (\\S+)`,
    ({ traffic }) => [traffic.requests_per_second, traffic.peak_requests_per_second],
    ({ traffic }) => traffic.series.requests_per_second,
  ),
  meter(
    'tokens',
    `tok/s +(\\S+) ${bars}in (\\S+)`,
    (snapshot) => [tokensPerSecond(snapshot), snapshot.traffic.tokens_in_per_second],
    ({ traffic }) => traffic.series.tokens_per_second,
  ),
  meter(
    'errors',
    `errors +(\\S+) ${bars}(\\d\\S*) of (\\S+)`,
    ({ traffic }) => [traffic.error_ratio, traffic.errors, traffic.requests],
    ({ traffic }) => traffic.series.error_ratio,
  ),
  meter(
    'TTFT p50',
    `TTFT  p50 +(\\S+) ${bars}│`,
    ({ latency }) => [latency.ttft_ms.p50],
    ({ latency }) => latency.ttft_ms.series.p50,
  ),
  meter(
    'TTFT p95',
    `│       p95 +(\\S+) ${bars}│`,
    ({ latency }) => [latency.ttft_ms.p95],
    ({ latency }) => latency.ttft_ms.series.p95,
  ),
  meter(
    'proxy p95',
    `proxy p95 +(\\S+) ${bars}│`,
    ({ latency }) => [latency.overhead_ms.p95],
    ({ latency }) => latency.overhead_ms.series.p95,
  ),
  meter(
    'cost an hour',
    `now +(\\S+?)(?:/h)? ${bars}│`,
    ({ cost }) => [cost.usd_per_hour],
    ({ cost }) => cost.series.usd,
  ),
  meter('cost today', 'today +(\\S+)', ({ cost }) => [cost.usd_today]),
  meter('cache', 'cache +(\\S+)', ({ cost }) => [cost.cache_ratio]),
]
const narrowMeters: readonly Meter[] = [
  meter('requests', 'req/s (\\S+) ', ({ traffic }) => [traffic.requests_per_second]),
  meter('tokens', 'tok/s (\\S+) ', (snapshot) => [tokensPerSecond(snapshot)]),
  meter('errors', 'err (\\S+) ', ({ traffic }) => [traffic.error_ratio]),
  meter('TTFT', 'TTFT ([^/ ]+)/(\\S+) ', ({ latency }) => [latency.ttft_ms.p50, latency.ttft_ms.p95]),
  meter('cost an hour', ' ([^/ ]+)/h', ({ cost }) => [cost.usd_per_hour]),
]

function meterFaults(screen: readonly string[], snapshot: LiveSnapshot): string[] {
  const isWide = screen.some((line) => line.includes('─ Traffic '))
  const text = screen.slice(1, isWide ? 6 : 2).join('\n')
  const faults = (isWide ? wideMeters : narrowMeters).flatMap((one) => faultsOfMeter(text, one, snapshot))
  if (!isWide) return faults
  // What is not there says that there is none.
  const unpriced = / (\S+) unpriced/.exec(text)?.[1] ?? '0'
  const saved = / saved ~(\S+)/.exec(text)?.[1] ?? '—'
  return [
    ...faults,
    ...fault('unpriced', unpriced, readsAs(unpriced, snapshot.cost.unpriced)),
    ...fault('saved', saved, readsAs(saved, snapshot.cost.cache_saved_usd)),
  ]
}

function faultsOfMeter(
  text: string,
  { name, pattern, values, series }: Meter,
  snapshot: LiveSnapshot,
): string[] {
  const found = pattern.exec(text)
  if (found === null) return [`${name}: is not there`]
  const drawn = found.groups?.bars
  const figures = found.slice(1).filter((group) => group !== drawn)
  const expected = values(snapshot)
  const wrong = expected.flatMap((value, at) => {
    const shown = figures[at] ?? ''
    return fault(name, `${shown} for ${value}`, readsAs(shown, value))
  })
  if (series === undefined || drawn === undefined) return wrong
  return [...wrong, ...fault(`${name}, its bars`, drawn, hasBarsOf(drawn, series(snapshot)))]
}

/** The highest is full, what was not measured is a gap, and the newest stands at the end. */
function hasBarsOf(drawn: string, series: Series): boolean {
  const known = series.filter((value) => value !== null)
  const shown = drawn.trim()
  if (known.length === 0) return shown === ''
  const isFull = Math.max(...known) > 0 ? shown.includes('█') : /^[▁ ]+$/.test(shown)
  return isFull && shown.length <= 60
}

/** Those in flight, and those that were and have ended since, by age. */
function running({ snapshot, before }: Told): Running[] {
  const still = new Set(snapshot.in_flight.map(({ id }) => id))
  const gone = before?.in_flight.filter(({ id }) => !still.has(id)) ?? []
  const all: Running[] = [...snapshot.in_flight, ...gone.map((one) => ({ ...one, state: 'ended' as const }))]
  return all.toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

function listFaults(title: string, lines: readonly string[], told: Told): string[] {
  const { snapshot } = told
  if (title.startsWith('In flight')) {
    const count = /^In flight (\d+)/.exec(title)?.[1]
    const rows = rowFaults('in flight', lines, inFlightReadings, running(told), snapshot)
    return [...fault('in flight', count, count === String(snapshot.in_flight_total)), ...rows]
  }
  if (title.startsWith('Backends'))
    return rowFaults('backends', lines, backendReadings, snapshot.backends, snapshot)
  if (title.startsWith('Recent')) return rowFaults('recent', lines, recentReadings, snapshot.recent, snapshot)
  const [, counted] = /(?:Sessions|Issues) (\d+)/.exec(title) ?? []
  if (title.startsWith('Issues')) {
    const rows = rowFaults('issues', lines, issueReadings, snapshot.issues, snapshot)
    return [...fault('issues', counted, counted === String(snapshot.issues_total)), ...rows]
  }
  if (!title.startsWith('Sessions')) return [`${title}: is no list that is known`]
  // Below each other in one frame: issues begin with a sign.
  const first = lines.findIndex((line) => /^.[▲✖·] /.test(line))
  const sessions = first < 0 ? lines : lines.slice(0, first)
  return [
    ...fault('sessions', counted, counted === String(snapshot.sessions_total)),
    ...rowFaults('sessions', sessions, sessionReadings, snapshot.sessions, snapshot),
    ...(first < 0 ? [] : issueLineFaults(lines.slice(first), snapshot)),
  ]
}

/** Row by row from the first one on; where there is room for more rows, there are no more. */
function rowFaults<Row>(
  list: string,
  lines: readonly string[],
  readings: readonly Reading<Row>[],
  rows: readonly Row[],
  { at }: LiveSnapshot,
): string[] {
  const shown = tableOf(lines, readings)
  const room = lines.length - 1
  if (rows.length === 0) return []
  const faults = fault(
    `${list}, rows`,
    `${shown.length} of ${rows.length}`,
    shown.length === Math.min(room, rows.length),
  )
  return [
    ...faults,
    ...shown.flatMap(({ cells }, index) =>
      readings.flatMap(({ title, isRight }) => {
        const [cell, row] = [cells.get(title), rows[index]]
        if (cell === undefined || row === undefined) return []
        return fault(
          `${list}, row ${index + 1}, ${title}`,
          `${cell} for ${JSON.stringify(row)}`,
          isRight(cell, row, Date.parse(at)),
        )
      }),
    ),
  ]
}

const severitySigns = { error: '✖', warn: '▲', note: '·', info: '·' } as const

function issueLineFaults(lines: readonly string[], { issues }: LiveSnapshot): string[] {
  return lines.flatMap((line, at) => {
    const issue = issues[at]
    if (line.trim() === '') return fault(`issue ${at + 1}`, 'nothing', issue === undefined)
    const code = issue?.code.split('_').join(' ').slice(0, 18) ?? '?'
    const isIt = issue !== undefined && line[1] === severitySigns[issue.severity] && line.includes(` ${code}`)
    return fault(`issue ${at + 1}`, line, isIt)
  })
}

function fault(name: string, shown: string | undefined, isRight: boolean): string[] {
  return isRight ? [] : [`${name}: ${shown}`]
}
