import type { Detector, Issue, Severity, Subject, Thresholds } from '../detectors/detector.ts'
import type { ModelKnowledge } from '../detectors/ports.ts'
import { lengthEstimates } from '../detectors/ports.ts'
import { createRunner, type Runner } from '../detectors/runner.ts'
import { subjects } from '../detectors/subject.ts'
import { defaultThresholds } from '../detectors/thresholds.ts'
import { type CaptureItem, type CapturePiece, isItem } from '../reader/items.ts'
import { type OpenOptions, openLent } from '../reader/open.ts'
import { Assembly } from '../view/assemble.ts'
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

/** Beyond them the exchange of which nothing was heard for longest is given as far as it has come. */
const mostOpenBytes = 64 * 1024 * 1024
/** Of an exchange with more, the largest bodies are only counted. */
const mostExchangeBytes = 48 * 1024 * 1024
/** Of what came before, which only detectors ask for: what lives takes its size once more until it is collected. */
const windowBytes = 4 * 1024 * 1024
/** Bodies of so many are not kept; of more sessions not even their heads need be. */
const windowSessions = 300
/** Contents of stored parts: what a few conversations say again in each turn. */
const cacheBytes = 5 * 1024 * 1024

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
  const limits = { cacheBytes, bodyBytes: mostExchangeBytes, ...settings.open?.limits }
  for await (const pieces of openLent(paths, { ...settings.open, limits })) {
    for (const piece of pieces) {
      inspection.take(piece)
      // Of most pieces nobody hears.
      if (!inspection.hasTold) continue
      inspection.hasTold = false
      if (listener.isDone?.()) return inspection.end()
      const full = listener.full?.() ?? null
      if (full !== null) await full
    }
  }
  return inspection.end()
}

class Inspection {
  /** The listener heard of something. */
  hasTold = true
  readonly #totals: InspectTotals = { exchanges: 0, meant: 0 }
  readonly #window: ExchangeWindow
  /** Null where nobody asks for exchanges. */
  readonly #assembly: Assembly | null
  readonly #settings: InspectSettings
  readonly #listener: InspectListener
  readonly #frames: Frames | null
  readonly #gate: FrameGate
  readonly #runner: Runner
  readonly #subjectOf: (view: ExchangeView) => Subject
  #file: string | null = null

  constructor(settings: InspectSettings, listener: InspectListener) {
    const {
      selection,
      wants,
      detectors,
      minSeverity,
      only,
      skip,
      thresholds = {},
      models = {},
      open,
    } = settings
    // A filter may ask for issues.
    const isRemembered = wants.issues || selection.matches !== null
    this.#window = new ExchangeWindow({
      maxBytes: isRemembered ? windowBytes : 0,
      maxSessions: windowSessions,
    })
    const { around } = this.#window
    this.#settings = settings
    this.#listener = listener
    const assembly = {
      ...{ follow: open?.follow ?? false, maxOpenBytes: mostOpenBytes },
      maxExchangeBytes: mostExchangeBytes,
    }
    const isAsked = wants.exchanges || wants.issues || needsExchanges(selection)
    this.#assembly = isAsked ? new Assembly(this.#window, assembly) : null
    const isSearched = selection.search !== null
    this.#frames = wants.frames && new Frames({ dataBytes: wants.frames.dataBytes, isSearched })
    this.#gate = new FrameGate({
      waits: needsExchanges(selection),
      pass: (row) => {
        this.hasTold = true
        listener.frame?.(row)
      },
    })
    const choice = { ...(minSeverity && { minSeverity }), ...(only && { only }), ...(skip && { skip }) }
    this.#runner = createRunner({ detectors, around, thresholds, models, ...choice })
    const all = { ...defaultThresholds, ...thresholds }
    // Kept no longer than it is looked at: what is read of an exchange takes many times its bytes.
    this.#subjectOf = (view) =>
      subjects({ around, thresholds: all, models: { ...lengthEstimates, ...models } })(view)
  }

  take(piece: CapturePiece): void {
    if (!isItem(piece)) return this.#gap(piece)
    this.#item(piece)
    if (this.#assembly) this.#give(this.#assembly.take(piece))
  }

  end(): InspectTotals {
    if (this.#assembly) this.#give(this.#assembly.end())
    if (this.#frames) for (const { row, text } of this.#frames.end()) this.#frame(row, text)
    this.#gate.end()
    return this.#totals
  }

  #give(views: Iterable<ExchangeView>): void {
    for (const view of views) {
      this.#exchange(view)
      this.#window.remember(view)
    }
  }

  #exchange(view: ExchangeView): void {
    this.#totals.exchanges++
    const x = new InspectedExchange(view, this.#totals.exchanges, {
      subject: () => this.#subjectOf(view),
      issues: () => this.#runner.exchange(view),
    })
    const { selection } = this.#settings
    const isMeant = passesFacts(selection, x)
    this.#gate.decide(view.id, view.file, view.version, isMeant)
    if (!isMeant || !passesExchange(selection, x)) return
    this.#totals.meant++
    this.hasTold = true
    this.#listener.exchange?.(x)
  }

  #gap(gap: CaptureGap): void {
    this.hasTold = true
    this.#listener.gap?.(gap)
    const { selection, wants } = this.#settings
    if (!wants.issues || !selectsAll(selection)) return
    const issues = this.#runner.gap(gap)
    if (issues.length > 0) this.#listener.issues?.(issues)
  }

  #item(item: CaptureItem): void {
    if (item.file !== this.#file) {
      this.#file = item.file
      this.hasTold = true
      this.#listener.began?.(item)
    }
    if (!this.#frames) return
    for (const { row, text } of this.#frames.take(item)) this.#frame(row, text)
  }

  #frame(row: FrameRow, text: () => string): void {
    if (passesFrame(this.#settings.selection, row, text)) this.#gate.take(row)
  }
}
