import type { ExportSide } from '../../../capture/export/exporter.ts'
import type { Leg } from '../../../core/exchange.ts'

const sides: Readonly<Record<ExportSide, readonly Leg[]>> = {
  client: ['CTP', 'PTC'],
  backend: ['PTB', 'BTP'],
}

/** The side that is named, else the one that all of the meant legs are of; null: as the format does by itself. */
export function sideOf(named: string | undefined, legs: ReadonlySet<Leg> | null): ExportSide | null {
  if (named === 'client' || named === 'backend') return named
  if (legs === null) return null
  const only = (side: ExportSide) => [...legs].every((leg) => sides[side].includes(leg))
  return only('client') ? 'client' : only('backend') ? 'backend' : null
}
