import type { Leg } from '../../core/exchange.ts'
import type { ExchangeView } from '../view/view.ts'

/** Which of the proxy's sides: the client's request and answer, or each backend's. */
export type ExportSide = 'client' | 'backend'

export interface ExportSettings {
  /** Null: as the format does by itself, which is the client's, or of JSON Lines all legs. */
  side: ExportSide | null
  /** Of formats that tell legs one by one, only these. */
  legs?: ReadonlySet<Leg> | null
  /** Of this program, where a format names its creator. */
  version: string
}

/** Writes exchanges in one format, each as text of its own. It keeps what one exchange must know of those before. */
export interface Exporter {
  begin(): string
  exchange(exchange: ExchangeView): string
  end(): string
}
