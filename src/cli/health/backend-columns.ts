import { printable } from '../../core/printable.ts'
import { countText, unknownMark } from '../numbers.ts'
import type { Column } from '../table.ts'
import { spanText } from '../times.ts'
import { backendTone, signs } from '../tone.ts'
import { quotaText } from './quota-text.ts'
import type { BackendHealth } from './report.ts'

export const reasonTitle = 'REASON'
export const quotaTitle = 'QUOTA'

/** The columns that have something to say about these backends. */
export function backendColumns(
  backends: readonly BackendHealth[],
  nowMs: number,
  allQuota: boolean,
): Column<BackendHealth>[] {
  const has = (is: (backend: BackendHealth) => boolean, column: Column<BackendHealth>) =>
    backends.some(is) ? [column] : []
  return [
    { title: ' ', value: ({ state }) => signs[backendTone(state)] },
    { title: 'BACKEND', value: ({ name }) => printable(name) },
    { title: 'STATE', value: ({ state }) => stateText(state) },
    ...has(({ retryAtMs }) => retryAtMs !== null, {
      title: 'RETRY IN',
      align: 'right',
      value: ({ retryAtMs }) => retryText(retryAtMs, nowMs),
      dropOrder: 2,
    }),
    { title: 'ENDPOINT', value: ({ isEndpointHealthy }) => healthText(isEndpointHealthy), dropOrder: 4 },
    { title: 'IN FLIGHT', align: 'right', value: ({ inFlight }) => count(inFlight), dropOrder: 3 },
    { title: 'QUEUED', align: 'right', value: ({ queued }) => count(queued), dropOrder: 5 },
    ...has(({ quota }) => quota.length > 0, {
      title: quotaTitle,
      value: ({ quota }) => quotaText(quota, nowMs, allQuota),
      dropOrder: 6,
    }),
    ...has(({ reason }) => reason !== null, {
      title: reasonTitle,
      value: ({ reason }) => printable(reason ?? ''),
      dropOrder: 7,
    }),
  ]
}

/** Why a backend is not simply there, with its name. */
export function reasonSentence({ name, state, reason }: BackendHealth): string | null {
  return reason === null || state === 'ok' ? null : printable(`${name}: ${reason}`)
}

/** How much of its limits a backend has used, with its name. */
export function quotaSentence({ name, quota }: BackendHealth, nowMs: number): string | null {
  const text = quotaText(quota, nowMs, true)
  return text === unknownMark ? null : `${printable(name)}: ${text}`
}

/** One word, so that the columns of a pipe stay what they are. */
function stateText(state: string | null): string {
  return state === null ? unknownMark : printable(state.replaceAll('_', '-'))
}

export function healthText(isHealthy: boolean | null): string {
  if (isHealthy === null) return unknownMark
  return isHealthy ? 'healthy' : 'unhealthy'
}

function retryText(retryAtMs: number | null, nowMs: number): string {
  if (retryAtMs === null) return unknownMark
  return retryAtMs > nowMs ? spanText(retryAtMs - nowMs) : 'now'
}

function count(value: number | null): string {
  return value === null ? unknownMark : countText(value)
}
