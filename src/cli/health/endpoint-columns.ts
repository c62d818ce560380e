import { printable } from '../../core/printable.ts'
import { shownUrl } from '../../core/shown-url.ts'
import { durationText, unknownMark } from '../numbers.ts'
import type { Column } from '../table.ts'
import { spanText } from '../times.ts'
import { signs, type Tone } from '../tone.ts'
import { healthText } from './backend-columns.ts'
import type { CheckHealth, EndpointHealth } from './report.ts'

export const errorTitle = 'ERROR'

/** The columns that have something to say about these endpoints. */
export function endpointColumns(
  endpoints: readonly EndpointHealth[],
  nowMs: number,
): Column<EndpointHealth>[] {
  const has = (is: (endpoint: EndpointHealth) => boolean, column: Column<EndpointHealth>) =>
    endpoints.some(is) ? [column] : []
  return [
    { title: ' ', value: (endpoint) => signs[endpointTone(endpoint)] },
    { title: 'URL', value: ({ url }) => printable(shownUrl(url)) },
    { title: 'HEALTH', value: ({ isHealthy }) => healthText(isHealthy) },
    { title: 'PING', value: pingText, dropOrder: 3 },
    { title: 'HTTP', value: httpText },
    {
      title: 'LATENCY',
      align: 'right',
      value: ({ ping, http }) => durationText(http.latencyMs ?? ping.latencyMs),
      dropOrder: 1,
    },
    {
      title: 'CHECKED',
      align: 'right',
      value: (endpoint) => checkedText(endpoint, nowMs),
      dropOrder: 2,
    },
    ...has(({ usedBy }) => usedBy.length > 0, {
      title: 'USED BY',
      value: ({ usedBy }) => printable(usedBy.join(', ')),
      dropOrder: 5,
    }),
    ...has((endpoint) => errorText(endpoint) !== '', { title: errorTitle, value: errorText, dropOrder: 4 }),
  ]
}

/** A single failed probe is no exclusion yet; a failed ping alone means little, for many hosts never answer one. */
export function endpointTone({ isHealthy, http }: EndpointHealth): Tone {
  if (isHealthy === null) return 'muted'
  if (!isHealthy) return 'bad'
  return http.isSuccess === false ? 'warn' : 'good'
}

/** What is wrong with an endpoint, with its address. */
export function endpointSentence(endpoint: EndpointHealth): string | null {
  const error = errorText(endpoint)
  return error === '' ? null : `${printable(shownUrl(endpoint.url))}: ${error}`
}

/** What went wrong in the checks that fail now. */
function errorText({ ping, http, pingAvailable }: EndpointHealth): string {
  const errors = [
    http.isSuccess === false ? (http.error ?? 'the HTTP check fails') : null,
    ping.isSuccess === false && pingAvailable !== false
      ? `ping: ${ping.error?.replace(/^ping: /, '') ?? 'no answer'}`
      : null,
  ]
  return printable(errors.filter((error) => error !== null).join('; '))
}

function pingText({ ping, pingAvailable }: EndpointHealth): string {
  if (pingAvailable === false || ping.isSuccess === null) return unknownMark
  return ping.isSuccess
    ? `ok ${durationText(ping.latencyMs)}`.replace(` ${unknownMark}`, '')
    : failedText(ping)
}

function httpText({ http }: EndpointHealth): string {
  if (http.isSuccess === null) return unknownMark
  const code = http.statusCode === null ? '' : ` ${http.statusCode}`
  return http.isSuccess ? `ok${code}` : failedText(http) + code
}

function failedText({ failures }: CheckHealth): string {
  return failures > 1 ? `failed ×${failures}` : 'failed'
}

function checkedText({ ping, http }: EndpointHealth, nowMs: number): string {
  const lastMs = Math.max(ping.checkedAtMs ?? 0, http.checkedAtMs ?? 0)
  return lastMs === 0 ? unknownMark : `${spanText(nowMs - lastMs)} ago`
}
