import type { Detector, Issue, Severity, Subject, Thresholds } from '../detectors/detector.ts'
import type { ModelKnowledge } from '../detectors/ports.ts'
import { lengthEstimates } from '../detectors/ports.ts'
import { createRunner, type Runner } from '../detectors/runner.ts'
import { subjects } from '../detectors/subject.ts'
import { defaultThresholds } from '../detectors/thresholds.ts'
import { type CaptureItem, type CapturePiece, isItem } from '../reader/items.ts'
import { type OpenOptions, openCapture } from '../reader/open.ts'
import { assemble, isGap } from '../view/assemble.ts'
import type { CaptureGap, ExchangeView } from '../view/view.ts'
import { ExchangeWindow } from '../view/window.ts'
import { FrameGate } from './frame-gate.ts'
import type { FrameRow } from './frame-row.ts'
import { Frames } from './frames.ts'
import { InspectedExchange } from './inspected-exchange.ts'
import {
  needsExchanges,
  passesExchange,
  passesFacts,
  passesFrame,
  type Selection,
  selectsAll,
} from './selection.ts'

export interface InspectSettings {
  selection: Selection
  /** What the listener wants; what nobody wants is not made. */
  wants: {
    exchanges: boolean
    issues: boolean
    /** With so many bytes of each body. */
    frames: { dataBytes: number } | null
  }
  detectors: readonly Detector[]
  minSeverity?: Severity
  only?: readonly string[]
  skip?: readonly string[]
  thresholds?: Partial<Thresholds>
  models?: Partial<ModelKnowledge>
  open?: OpenOptions
}

/** Is told of what is meant, as the reading goes on. */
export interface InspectListener {
  /** Of each file, its first record. */
  began?(item: CaptureItem): void
  frame?(row: FrameRow): void
  exchange?(x: InspectedExchange): void
  /** Of the file rather than of an exchange. */
  issues?(issues: readonly Issue[]): void
  /** Whatever is meant: what cannot be read may have been of it. */
  gap?(gap: CaptureGap): void
  /** All that is wanted has come: the rest need not be read. */
  isDone?(): boolean
  /** Set while who prints cannot take more. */
  full?(): Promise<void> | null
}

export interface InspectTotals {
  /** That were read to their end. */
  exchanges: number
  /** Of which these were meant. */
  meant: number
}

/** A body of more has its exchange given as far as it has come. */
const mostOpenBytes = 64 * 1024 * 1024
/** Of what came before, which only detectors ask for: what lives takes its size once more until it is collected. */
const windowBytes = 6 * 1024 * 1024

/**
 * Reads captures once, from the beginning to the end, and tells what of them is meant. Memory does not grow with
 * their size. Throws `CaptureError` as `openCapture` does.
 */
export async function inspect(
  paths: readonly string[],
  settings: InspectSettings,
  listener: InspectListener,
): Promise<InspectTotals> {
  const inspection = new Inspection(settings, listener)
  const pieces = inspection.pieces(openCapture(paths, settings.open))
  if (!inspection.needsExchanges) {
    for await (const piece of pieces) {
      if (!isItem(piece)) inspection.gap(piece)
    }
    inspection.end()
    return inspection.totals
  }
  const follow = settings.open?.follow ?? false
  for await (const found of assemble(pieces, inspection.window, { follow, maxOpenBytes: mostOpenBytes })) {
    if (isGap(found)) inspection.gap(found)
    else inspection.exchange(found)
  }
  inspection.end()
  return inspection.totals
}

class Inspection {
  readonly window: ExchangeWindow
  readonly needsExchanges: boolean
  readonly totals: InspectTotals = { exchanges: 0, meant: 0 }
  readonly #settings: InspectSettings
  readonly #listener: InspectListener
  readonly #frames: Frames | null
  readonly #gate: FrameGate
  readonly #runner: Runner
  readonly #subjectOf: (view: ExchangeView) => Subject
  #file: string | null = null

  constructor(settings: InspectSettings, listener: InspectListener) {
    const { selection, wants, detectors, minSeverity, only, skip, thresholds = {}, models = {} } = settings
    // A filter may ask for issues.
    const isRemembered = wants.issues || selection.matches !== null
    this.window = new ExchangeWindow({ maxBytes: isRemembered ? windowBytes : 0 })
    const { around } = this.window
    this.#settings = settings
    this.#listener = listener
    this.needsExchanges = wants.exchanges || wants.issues || needsExchanges(selection)
    const isSearched = selection.search !== null
    this.#frames = wants.frames && new Frames({ dataBytes: wants.frames.dataBytes, isSearched })
    this.#gate = new FrameGate({
      waits: needsExchanges(selection),
      pass: (row) => listener.frame?.(row),
    })
    const choice = { ...(minSeverity && { minSeverity }), ...(only && { only }), ...(skip && { skip }) }
    this.#runner = createRunner({ detectors, around, thresholds, models, ...choice })
    const all = { ...defaultThresholds, ...thresholds }
    // Kept no longer than it is looked at: what is read of an exchange takes many times its bytes.
    this.#subjectOf = (view) =>
      subjects({ around, thresholds: all, models: { ...lengthEstimates, ...models } })(view)
  }

  /** What goes on to be put together; ends when all that is wanted has come. */
  async *pieces(read: AsyncIterable<CapturePiece>): AsyncGenerator<CapturePiece> {
    for await (const piece of read) {
      if (isItem(piece)) this.#item(piece)
      yield piece
      if (this.#listener.isDone?.()) return
      const full = this.#listener.full?.() ?? null
      if (full !== null) await full
    }
  }

  exchange(view: ExchangeView): void {
    this.totals.exchanges++
    const x = new InspectedExchange(view, this.totals.exchanges, {
      subject: () => this.#subjectOf(view),
      issues: () => this.#runner.exchange(view),
    })
    const { selection } = this.#settings
    const isMeant = passesFacts(selection, x)
    this.#gate.decide(view.id, view.file, view.version, isMeant)
    if (!isMeant || !passesExchange(selection, x)) return
    this.totals.meant++
    this.#listener.exchange?.(x)
  }

  gap(gap: CaptureGap): void {
    this.#listener.gap?.(gap)
    const { selection, wants } = this.#settings
    if (!wants.issues || !selectsAll(selection)) return
    const issues = this.#runner.gap(gap)
    if (issues.length > 0) this.#listener.issues?.(issues)
  }

  end(): void {
    if (this.#frames) for (const { row, text } of this.#frames.end()) this.#frame(row, text)
    this.#gate.end()
  }

  #item(item: CaptureItem): void {
    if (item.file !== this.#file) {
      this.#file = item.file
      this.#listener.began?.(item)
    }
    if (!this.#frames) return
    for (const { row, text } of this.#frames.take(item)) this.#frame(row, text)
  }

  #frame(row: FrameRow, text: () => string): void {
    if (passesFrame(this.#settings.selection, row, text)) this.#gate.take(row)
  }
}
