import type { ChalkInstance } from 'chalk'
import { printable } from '../../core/printable.ts'
import { countText } from '../numbers.ts'
import { hanging } from '../section.ts'
import { spanText } from '../times.ts'
import { paint, statusTone } from '../tone.ts'
import type { HealthReport } from './report.ts'

/** `● ok: llmproxy 0.1.0 at http://127.0.0.1:8000, up 3h12m, 3 of 3 endpoints healthy` */
export function headline(
  report: HealthReport,
  { url, width, chalk }: { url: string; width: number; chalk: ChalkInstance },
): string[] {
  const status = printable(report.status ?? 'status unknown')
  const parts = [
    `llmproxy${report.version === null ? '' : ` ${printable(report.version)}`} at ${url}`,
    report.uptimeMs === null ? null : `up ${spanText(report.uptimeMs)}`,
    endpointsText(report),
  ]
  const tone = statusTone(report.status)
  const text = `${status}: ${parts.filter((part) => part !== null).join(', ')}`
  return hanging(tone, text, width, chalk).map((line, index) =>
    index === 0 ? line.replace(status, () => paint(status, tone, chalk)) : line,
  )
}

function endpointsText({ checksOn, endpointCount, healthyCount }: HealthReport): string | null {
  if (checksOn === false) return 'endpoints not checked'
  if (endpointCount === null || healthyCount === null) return null
  const endpoints = endpointCount === 1 ? 'endpoint' : 'endpoints'
  return `${countText(healthyCount)} of ${countText(endpointCount)} ${endpoints} healthy`
}
