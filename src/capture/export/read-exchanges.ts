import { CaptureError } from '../format/capture-error.ts'
import { type CapturePiece, isItem } from '../reader/items.ts'
import { type OpenOptions, openCapture } from '../reader/open.ts'
import { assemble, isGap } from '../view/assemble.ts'
import type { CaptureGap, ExchangeView } from '../view/view.ts'
import { ExchangeWindow } from '../view/window.ts'

export interface ReadOptions extends Omit<OpenOptions, 'follow'> {
  onGap?: (gap: CaptureGap) => void
  /** An id, or a beginning that only one has. */
  only?: string | undefined
  /** Exchanges that are not meant are read, and not given. */
  meant?: (() => Meant) | undefined
}

/** `inspect/meant.ts`, for one reading. */
interface Meant {
  window: ExchangeWindow
  isMeant(view: ExchangeView): boolean
}

/**
 * The exchanges of captures as they close, none kept. With `only` that one, whether whole or not. Throws `CaptureError`
 * as `openCapture` does; `not_found` where none or more than one begins so.
 */
export async function* readExchanges(
  paths: string | readonly string[],
  options: ReadOptions = {},
): AsyncGenerator<ExchangeView> {
  const { only } = options
  const pieces = openCapture(paths, options)
  const asked = only === undefined ? pieces : ofExchange(pieces, only)
  let found: ExchangeView | null = null
  for await (const each of meantOf(asked, options)) {
    if (only === undefined) yield each
    else if (each.id === only) return yield each
    else if (found !== null && found.id !== each.id) throw ambiguous(only, found.id, each.id)
    else found = each
  }
  if (only === undefined) return
  if (found === null) throw new CaptureError('not_found', `no exchange ${only} is in ${shown(paths)}`)
  yield found
}

async function* meantOf(
  pieces: AsyncIterable<CapturePiece>,
  { meant: reading, onGap }: ReadOptions,
): AsyncGenerator<ExchangeView> {
  const meant = reading?.()
  const window = meant?.window ?? new ExchangeWindow({ maxBytes: 0 })
  for await (const each of assemble(pieces, window)) {
    if (isGap(each)) onGap?.(each)
    else if (!meant || meant.isMeant(each)) yield each
  }
}

/** What is of other exchanges is not kept for a moment. */
async function* ofExchange(pieces: AsyncIterable<CapturePiece>, id: string): AsyncGenerator<CapturePiece> {
  for await (const piece of pieces) {
    const isOther = isItem(piece) && 'x' in piece.record && !isNamed(piece.record.x, id)
    if (!isOther) yield piece
  }
}

/** Losses name several. */
function isNamed(named: string | readonly string[] | undefined, id: string): boolean {
  return typeof named !== 'string' || named.startsWith(id)
}

function ambiguous(only: string, one: string, other: string): CaptureError {
  return new CaptureError('not_found', `more than one exchange begins with ${only}: ${one}, ${other}`)
}

function shown(paths: string | readonly string[]): string {
  return typeof paths === 'string' ? paths : paths.join(', ')
}
