import { printable } from '../../core/printable.ts'
import { shownUrl } from '../../core/shown-url.ts'
import { countText } from '../numbers.ts'
import type { HealthReport } from './report.ts'

export interface Note {
  text: string
  /** Whether somebody should do something about it. */
  isWarning: boolean
}

/** What the tables do not say. */
export function notesOf(report: HealthReport): Note[] {
  const warnings = [
    report.config.lastError &&
      `configuration ${report.config.file ?? ''}: not taken over, the one before stays: ${report.config.lastError}`,
    ledgerText(report.ledger),
    keeperText('capture', report.capture.dropped, report.capture.lastError),
    report.fallbacksUsed > 0 &&
      `the safety fallback was used ${times(report.fallbacksUsed)}: health had left out every target, so they were tried anyway`,
  ]
  const facts = [
    report.ledger.pending > 0 && `ledger: ${records(report.ledger.pending)} still to be written`,
    report.checksOn === false && 'endpoints are not checked: health_check is off; traffic alone decides',
    pingText(report),
  ]
  const note = (isWarning: boolean) => (text: string | null | false) =>
    text ? [{ text: printable(text.replace(/\s+/g, ' ')), isWarning }] : []
  return [...warnings.flatMap(note(true)), ...facts.flatMap(note(false))]
}

function ledgerText({ path, isWritable, dropped, lastError }: HealthReport['ledger']): string | null {
  if (isWritable === false && lastError === null) {
    return keeperText('ledger', dropped, `${shownUrl(path ?? 'its store')} cannot be written`)
  }
  return keeperText('ledger', dropped, lastError)
}

function keeperText(name: string, dropped: number, lastError: string | null): string | null {
  const parts = [dropped > 0 && `${records(dropped)} dropped`, lastError && `last error: ${lastError}`]
  const said = parts.filter((part) => part)
  return said.length === 0 ? null : `${name}: ${said.join('; ')}`
}

function pingText({ checksOn, endpoints }: HealthReport): string | null {
  const without = endpoints.find(({ pingAvailable }) => pingAvailable === false)
  if (without === undefined || checksOn === false) return null
  const why = without.ping.error === null ? '' : ` (${without.ping.error})`
  return `ping is not available where the proxy runs${why}; the HTTP checks decide`
}

function records(count: number): string {
  return count === 1 ? '1 record' : `${countText(count)} records`
}

function times(count: number): string {
  return count === 1 ? 'once' : `${countText(count)} times`
}
