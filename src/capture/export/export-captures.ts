import type { ExchangeView } from '../view/view.ts'
import type { ExportSettings } from './exporter.ts'
import { type ExportFormat, exportFormats } from './index.ts'
import { type ReadOptions, readExchanges } from './read-exchanges.ts'

export interface ExportOptions extends ReadOptions, ExportSettings {
  format: ExportFormat
  /** An exchange whose text is longer than a string can be. */
  onTooLong?: (exchange: ExchangeView) => void
  onExchange?: (exchange: ExchangeView, hasText: boolean) => void
}

/** Captures in another format, piece by piece: memory is that of one exchange. Throws `CaptureError` as reading does. */
export async function* exportCaptures(
  paths: string | readonly string[],
  options: ExportOptions,
): AsyncGenerator<string> {
  const exporter = exportFormats[options.format](options)
  // Not before something was read: what cannot be read is an error, and no beginning of a document.
  let begin = exporter.begin()
  for await (const exchange of readExchanges(paths, options)) {
    const text = textOf(exchange, exporter.exchange)
    if (text === null) options.onTooLong?.(exchange)
    else options.onExchange?.(exchange, text !== '')
    if (!text) continue
    yield begin + text
    begin = ''
  }
  const end = begin + exporter.end()
  if (end !== '') yield end
}

function textOf(exchange: ExchangeView, write: (exchange: ExchangeView) => string): string | null {
  try {
    return write(exchange)
  } catch (error) {
    if (error instanceof RangeError && /string length/i.test(error.message)) return null
    throw error
  }
}
