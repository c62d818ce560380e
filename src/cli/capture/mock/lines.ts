import type { MockAnswer } from '../../../capture/replay/mock/answer-request.ts'
import type { MockServer, RecordedCount } from '../../../capture/replay/mock/mock-server.ts'
import type { Pace } from '../../../capture/replay/mock/schedule.ts'
import { printable } from '../../../core/printable.ts'
import { exportLine } from '../../clients/shell.ts'
import { countText, unknownMark } from '../../numbers.ts'

export interface MockFacts {
  url: string
  recorded: readonly RecordedCount[]
  /** As it was named, or where it was found. */
  file: string
  pace: Pace
  isLoopback: boolean
}

/** What it says once it listens: where, what it has, and what to paste. */
export function bannerLines({ url, recorded, file, pace, isLoopback }: MockFacts): string[] {
  const all = recorded.reduce((sum, { count }) => sum + count, 0)
  const widest = Math.max(0, ...recorded.map(({ protocol }) => protocol.length))
  return [
    `capture mock listens at ${url} and answers from ${printable(file)} ${speedText(pace)}`,
    ...(isLoopback
      ? []
      : ['  beyond this machine: whoever reaches it can read what was recorded, without any key']),
    '',
    `${countText(all)} ${all === 1 ? 'recording' : 'recordings'}`,
    ...recorded.map(
      ({ protocol, model, count }) =>
        `  ${protocol.padEnd(widest)}  ${printable(model ?? unknownMark, 60)}  ${countText(count)}`,
    ),
    '',
    'connect a client',
    ...clientLines(url, recorded).map((line) => `  ${line}`),
    '',
    'or put it behind a proxy, as a backend of its configuration (its clients use /recorded/v1)',
    ...backendLines(url, recorded).map((line) => `  ${line}`),
    '',
  ]
}

function speedText({ speed, maxGapMs }: Pace): string {
  const words = !Number.isFinite(speed)
    ? 'without waiting'
    : speed === 1
      ? 'as fast as recorded'
      : `${speed} times as fast as recorded`
  return maxGapMs === null ? words : `${words}, with no silence over ${maxGapMs} ms`
}

function clientLines(url: string, recorded: readonly RecordedCount[]): string[] {
  const has = (start: string) => recorded.some(({ protocol }) => protocol.startsWith(start))
  return [
    ...(has('openai') ? [exportLine('OPENAI_BASE_URL', `${url}/v1`)] : []),
    ...(has('anthropic') ? [exportLine('ANTHROPIC_BASE_URL', url)] : []),
    ...(has('gemini') ? [exportLine('GOOGLE_GEMINI_BASE_URL', url)] : []),
  ]
}

function backendLines(url: string, recorded: readonly RecordedCount[]): string[] {
  const protocols = [...new Set(recorded.map(({ protocol }) => protocol))]
  const v1 = protocols.filter((name) => name !== 'gemini')
  const backend = (name: string, version: string, spoken: readonly string[]) =>
    `backends: {${name}: {api_url: ${url}/${version}, protocols: [${spoken.join(', ')}], credentials: none}}`
  return [
    ...(v1.length > 0 ? [backend('recorded', 'v1', v1)] : []),
    ...(protocols.includes('gemini') ? [backend('recorded-gemini', 'v1beta', ['gemini'])] : []),
  ]
}

const longestWhy = 300

/** One request: `exact  POST /v1/messages  claude-sonnet-4-5  x_1m8byek899yt`. */
export function answerLine(answer: MockAnswer): string {
  const { result, method, path, model, recording, why } = answer
  const words = result === 'fuzzy' ? `fuzzy (${why})` : result
  const cells = [
    words.padEnd(6),
    printable(`${method} ${path}`, 200),
    printable(model ?? unknownMark, 60),
    result === 'miss' ? null : recordingName(recording),
    result === 'miss' || result === 'refused' ? printable(why ?? '', longestWhy) : null,
  ]
  return cells.filter((cell) => cell !== null).join('  ')
}

function recordingName(recording: MockAnswer['recording']): string | null {
  if (recording === null) return null
  const { exchange, attempt } = recording
  const many = attempt !== null && exchange.attempts.length > 1
  return printable(many ? `${exchange.id} attempt ${attempt}` : exchange.id, 60)
}

type Pacing = ReturnType<MockServer['pacing']>

/** The sums: `exact=8 fuzzy=1 miss=0  pacing error p50 0.1 ms, p95 0.4 ms over 212 chunks`. */
export function closingLine({ exact, fuzzy, miss }: MockServer['counts'], pacing: Pacing): string {
  const ms = (value: number) => `${value.toFixed(value < 10 ? 2 : 0)} ms`
  const paced = pacing
    ? [
        `pacing error p50 ${ms(pacing.p50Ms)}, p95 ${ms(pacing.p95Ms)} over ${countText(pacing.chunks)} chunks`,
      ]
    : []
  return [`exact=${exact} fuzzy=${fuzzy} miss=${miss}`, ...paced].join('  ')
}

export function listeningRow({ url, recorded, file, pace }: MockFacts): object {
  return {
    ...{ type: 'listening', url, file, recorded },
    speed: Number.isFinite(pace.speed) ? pace.speed : 'max',
    max_gap_ms: pace.maxGapMs,
  }
}

export function answerRow({ result, method, path, model, recording, why }: MockAnswer): object {
  return {
    ...{ type: 'request', result, method, path, model },
    exchange: recording?.exchange.id ?? null,
    attempt: recording?.attempt ?? null,
    why,
  }
}

export function closingRow(counts: MockServer['counts'], pacing: Pacing): object {
  return {
    ...{ type: 'summary', ...counts },
    pacing_error: pacing && { chunks: pacing.chunks, p50_ms: pacing.p50Ms, p95_ms: pacing.p95Ms },
  }
}
