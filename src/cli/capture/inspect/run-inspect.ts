import { realpathSync } from 'node:fs'
import type { ChalkInstance } from 'chalk'
import type { Severity } from '../../../capture/detectors/detector.ts'
import type { InspectListener, InspectSettings, InspectTotals } from '../../../capture/inspect/inspect.ts'
import type { Selection } from '../../../capture/inspect/selection.ts'
import type { Damage } from '../../../capture/inspect/summary.ts'
import type { CaptureGap } from '../../../capture/view/view.ts'
import { printable } from '../../../core/printable.ts'
import { exitCodes } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'
import { countText } from '../../numbers.ts'
import { outputWidth } from '../../table.ts'
import { columnsOf } from '../../text-width.ts'
import type { InspectValues } from './flags.ts'
import { type IssueChoice, isAtLeast } from './issue-choice.ts'
import { jsonRow } from './json-rows.ts'
import type { Judging } from './judging.ts'
import { fileOutput, type Output, streamOutput } from './output.ts'
import { Page } from './page.ts'
import { progressBar } from './progress.ts'
import type { Capture, Look, Section } from './section.ts'
import { type ChosenSection, chosenSections } from './sections.ts'
import { dateText, shellArgument } from './shown.ts'
import { Spool } from './spool.ts'
import { damageWords } from './summary-section.ts'

export interface InspectRun {
  flags: InspectValues
  capture: Capture
  paths: readonly string[]
  /** How they are named on the command line; null for the default. */
  named: string | null
  isOneFile: boolean
  selection: Selection
  choice: IssueChoice
  /** How issues are judged; asked for when some are looked for. */
  judging: () => Promise<Judging>
  /** For standard output, and for files. */
  chalk: { output: ChalkInstance; plain: ChalkInstance }
  signal: AbortSignal
  out: NodeJS.WriteStream
  err: NodeJS.WriteStream
  say: (line: string) => void
}

/** Reads, shows and says what there is to say. Gives the exit code. */
export async function runInspect(run: InspectRun): Promise<number> {
  const { flags, capture, selection, choice, signal, say } = run
  const chosen = chosenSections(flags)
  const failOn = (flags['fail-on'] ?? null) as Severity | null
  const progress = progressBar(run.err)
  refuseOverwriting(run)
  const output =
    flags.output === undefined ? streamOutput(run.out, () => progress.clear()) : fileOutput(flags.output)
  const printing = new Printing(run, chosen, output)
  const damage = capture.noDamage()
  let isFound = false
  const listener: InspectListener = {
    began: (item) => printing.began(item),
    frame: (row) => printing.each((section) => section.frame?.(row)),
    exchange(x) {
      if (failOn !== null) isFound ||= x.issues.some(({ severity }) => isAtLeast(severity, failOn))
      printing.each((section) => section.exchange?.(x))
    },
    issues(issues) {
      if (failOn !== null) isFound ||= issues.some(({ severity }) => isAtLeast(severity, failOn))
      printing.each((section) => section.issues?.(issues))
    },
    gap(gap) {
      capture.addGap(damage, gap)
      printing.gap(gap)
    },
    isDone: () => !flags.follow && failOn === null && printing.isDone(),
    full: () => output.full(),
  }
  const wants = wantsOf(run, chosen, failOn)
  const settings: InspectSettings = {
    ...{ selection, ...choice, detectors: capture.detectors, wants },
    // A filter may ask for issues.
    ...(wants.issues || selection.matches !== null ? await run.judging() : {}),
    open: {
      ...{ signal, follow: flags.follow ?? false },
      onProgress(bytesRead, total) {
        if (!flags.follow) progress.on(bytesRead, total)
        // What was read is told before it is given; it has been given when the loop comes round.
        else if (total === null || bytesRead >= total) setImmediate(() => printing.caughtUp())
      },
    },
  }
  try {
    const totals = await capture.inspect(run.paths, settings, listener)
    progress.clear()
    // Who has seen enough, or stopped it, gets no half answer; what is followed has no other end.
    if (!signal.aborted || flags.follow) await printing.end()
    output.flush()
    if (!signal.aborted) tell(run, totals, damage)
  } finally {
    progress.clear()
    printing.close()
    output.close()
  }
  if (flags.output !== undefined) say(`written to ${flags.output}`)
  return isFound ? exitCodes.failed : exitCodes.ok
}

function wantsOf({ flags }: InspectRun, chosen: readonly ChosenSection[], failOn: Severity | null) {
  const hasEntries = chosen.some(({ hasData }) => hasData)
  const hasFrames = hasEntries || flags.timeline === true
  const issues = failOn !== null || chosen.some(({ hasIssues }) => hasIssues)
  return {
    exchanges: issues || chosen.some(({ ofFrames }) => !ofFrames),
    issues,
    frames: hasFrames ? { dataBytes: hasEntries ? flags['max-data'] : 0 } : null,
  }
}

function tell(
  { flags, say, selection, capture, named }: InspectRun,
  { exchanges, meant }: InspectTotals,
  damage: Damage,
): void {
  if (exchanges > 0 && meant === 0 && selection !== capture.everything) {
    say(`none of ${countText(exchanges)} exchanges is meant by the filters`)
  }
  if (flags.json) return
  for (const text of damageWords(damage)) say(`damage: ${text}`)
  const isDamaged = damage.places + damage.tornFiles + damage.missingBlobs > 0
  if (isDamaged) say(`where: llmproxy capture verify${shellArgument(named)}`)
}

/** A slip of the hand must not cost the capture. */
function refuseOverwriting({ flags, paths }: InspectRun): void {
  if (flags.output === undefined) return
  const real = (path: string) => {
    try {
      return realpathSync(path)
    } catch {
      return null
    }
  }
  const target = real(flags.output)
  if (target === null || !paths.some((path) => real(path) === target)) return
  throw new Failure(`--output: ${flags.output} is the capture that is read`, exitCodes.usage)
}

/** The sections of a run, each on a page of its own: the first prints as it goes, the others wait for it. */
class Printing {
  readonly #run: InspectRun
  readonly #output: Output
  readonly #pages: { page: Page; section: Section; spool: Spool | null }[]
  #hasBegun = false
  #isCaughtUp = false

  constructor(run: InspectRun, chosen: readonly ChosenSection[], output: Output) {
    const { flags, capture, chalk } = run
    this.#run = run
    this.#output = output
    const isJson = flags.json === true
    const look: Look = {
      ...{ capture, named: run.named, isOneFile: run.isOneFile, legs: run.selection.legs },
      maxData: flags['max-data'],
      isHex: flags.hex === true,
      isVerbose: flags.verbose === true || flags.entry !== undefined,
      follows: flags.follow === true,
      hasIssues: chosen.some(({ hasIssues }) => hasIssues),
    }
    const isFile = flags.output !== undefined
    const width = isFile ? Number.POSITIVE_INFINITY : outputWidth(run.out)
    let printed = 0
    this.#pages = chosen.map(({ make }, index) => {
      // JSON Lines say of which section they are, and need no order; followed ones are printed as they come.
      const spool = index === 0 || isJson || look.follows ? null : new Spool()
      const page = new Page(spool ?? output, {
        ...{ isJson, width, chalk: isFile ? chalk.plain : chalk.output },
        isFirst: () => printed++ === 0 && !this.#hasBegun,
      })
      return { page, section: make(page, look), spool }
    })
  }

  began(item: Parameters<NonNullable<Section['began']>>[0]): void {
    this.each((section) => section.began?.(item))
    const [first] = this.#pages
    if (this.#hasBegun || !first || this.#run.flags.json) return
    this.#hasBegun = true
    const { file, version, wallNs } = item
    const facts = `format ${version}  since ${dateText(wallNs)}`
    const line = `${printable(file)}  ${facts}`
    const lines = columnsOf(line) <= first.page.width ? [line] : [printable(file), facts]
    for (const text of lines) first.page.line(text, 'dim')
    this.#output.flush()
  }

  each(tell: (section: Section) => void): void {
    for (const { section } of this.#pages) tell(section)
    if (this.#isCaughtUp) this.#output.flush()
  }

  /** Under JSON damage is data like all else, where no issue tells of it. */
  gap(gap: CaptureGap): void {
    this.each((section) => section.gap?.(gap))
    const { flags } = this.#run
    if (!flags.json || flags['detect-issues'] || gap.kind === 'not_closed') return
    const { kind: what, ...row } = gap
    this.#pages[0]?.page.data('gap', { what, ...jsonRow(row) })
  }

  isDone(): boolean {
    return this.#pages.every(({ section }) => section.isDone?.() ?? false)
  }

  caughtUp(): void {
    if (this.#isCaughtUp) return this.#output.flush()
    this.#isCaughtUp = true
    this.each((section) => section.caughtUp?.())
  }

  async end(): Promise<void> {
    for (const { section, spool } of this.#pages) {
      section.end()
      await spool?.pour(this.#output)
    }
  }

  close(): void {
    for (const { spool } of this.#pages) spool?.close()
  }
}
