import { Args, Flags } from '@oclif/core'
import type { ComparedPair } from '../../capture/diff/captures.ts'
import type { CompareLevel } from '../../capture/diff/difference.ts'
import type { DiffSummary } from '../../capture/diff/report.ts'
import type { CaptureGap } from '../../capture/view/view.ts'
import { BaseCommand } from '../../cli/base-command.ts'
import { captureFailure } from '../../cli/capture/capture-failure.ts'
import { askedDiff, refuseOnceReadable } from '../../cli/capture/diff/asked-diff.ts'
import { comparedLegs } from '../../cli/capture/diff/compared-legs.ts'
import { pairLines } from '../../cli/capture/diff/pair-lines.ts'
import { summaryLines } from '../../cli/capture/diff/summary-lines.ts'
import { GapNotes } from '../../cli/capture/gap-notes.ts'
import { type Progress, progressBar } from '../../cli/capture/inspect/progress.ts'
import { givenFilters, selectionFlags } from '../../cli/capture/selection/flags.ts'
import { knowModelsBy } from '../../cli/capture/selection/know-models.ts'
import { meantOf } from '../../cli/capture/selection/meant-of.ts'
import { namedOrNewest } from '../../cli/capture/which-capture.ts'
import { exitCodes } from '../../cli/exit-codes.ts'
import { outputWidth } from '../../cli/table.ts'
import { sourceFlags } from '../../cli/usage/filter-flags.ts'
import { printableJson } from '../../core/printable.ts'

const levels: readonly CompareLevel[] = ['bytes', 'events', 'semantic', 'structure']

export default class CaptureDiff extends BaseCommand {
  static override enableJsonFlag = false
  static override summary = 'What differs between two captures, or two exchanges of one'
  static override description =
    'Exchanges are paired by their ids, else by session, turn and what is asked; ids, times and the like are no ' +
    'differences. semantic compares the message that a client would have, streamed or whole; events every event; bytes the ' +
    'bodies; structure the tools, their arguments’ names, the end and the length. Exit code 0: the same, 1: not, 2: cannot be told. Filters are those of capture inspect; --direction compares ctp or ptc only.'
  static override examples = [
    '<%= config.bin %> capture diff before.cbor after.cbor',
    '<%= config.bin %> capture diff run.cbor --exchange x_1m8byek899yt --exchange x_1m8bz0p3k4ab',
    '<%= config.bin %> capture diff before.cbor after.cbor --compare structure --json',
    '<%= config.bin %> capture diff before.cbor after.cbor --model sonnet --direction ptc',
  ]
  static override args = {
    before: Args.string({ description: 'a file or folder' }),
    after: Args.string({ description: 'the other one' }),
  }
  static override flags = {
    exchange: Flags.string({
      ...{ multiple: true, multipleNonGreedy: true },
      summary: 'given twice: two exchanges of one file, by their ids or beginnings of them',
      helpValue: 'ID',
    }),
    compare: Flags.string({ summary: 'how closely', options: [...levels], default: 'semantic' }),
    json: Flags.boolean({ summary: 'a pair a line, and a summary in the end' }),
    ...selectionFlags,
    config: sourceFlags.config,
  }

  override jsonEnabled(): boolean {
    return this.argv.includes('--json')
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(CaptureDiff)
    const asked = askedDiff(args, flags.exchange ?? [], givenFilters(flags))
    const level = levels.find((name) => name === flags.compare) ?? 'semantic'
    const { compareCaptures, compareTwo } = await import('../../capture/diff/captures.ts')
    const { DiffSummary } = await import('../../capture/diff/report.ts')
    const { filesOf } = await import('../../capture/reader/capture-files.ts')
    const help = `${this.config.bin} capture diff --help`
    const filters = await meantOf({
      ...{ flags, help, say: (line) => this.say(line) },
      parseBound: async () => (await import('../../usage/query/dates.ts')).parseBound,
      knowModels: knowModelsBy({
        prices: () => import('../../prices/price-book.ts'),
        tokens: () => import('../../tokens/count-here.ts'),
      }),
    })
    const legs = comparedLegs(filters?.selection.legs ?? null, help) ?? undefined
    const before = await namedOrNewest(asked.before, { config: flags.config, env: process.env, filesOf })
    for (const path of [before, asked.after ?? before]) await refuseOnceReadable(path)
    const progress = progressBar(process.stderr)
    const gaps = new Map<string, GapNotes>()
    const onGap = (gap: CaptureGap) => {
      const notes = gaps.get(gap.file) ?? new GapNotes()
      gaps.set(gap.file, notes)
      notes.note(gap)
    }
    const options = { level, legs, meant: filters?.meant, onGap, onProgress: progress.on }
    const summary = new DiffSummary(level)
    try {
      const pairs = asked.exchanges
        ? compareTwo(before, asked.exchanges, options)
        : compareCaptures(before, asked.after ?? before, options)
      await this.#print(pairs, summary, progress)
    } catch (error) {
      progress.clear()
      throw captureFailure(error, exitCodes.usage)
    }
    for (const [file, notes] of gaps) for (const line of notes.lines(file)) this.say(line)
    if (filters && summary.isEmpty) this.say('no exchange of both is meant by the filters')
    process.exitCode = summary.isSame ? exitCodes.ok : exitCodes.failed
  }

  async #print(pairs: AsyncIterable<ComparedPair>, summary: DiffSummary, progress: Progress): Promise<void> {
    const { pairReport } = await import('../../capture/diff/report.ts')
    const width = outputWidth(process.stdout)
    const isJson = this.jsonEnabled()
    // `| head` has seen enough.
    let isClosed = false
    const onError = () => {
      isClosed = true
    }
    process.stdout.on('error', onError)
    for await (const pair of pairs) {
      if (isClosed) break
      const report = pairReport(pair)
      summary.add(report)
      progress.clear()
      this.#lines(isJson ? [printableJson(report)] : pairLines(report, width))
    }
    process.stdout.off('error', onError)
    progress.clear()
    const report = summary.report()
    this.#lines(isJson ? [printableJson(report)] : summaryLines(report))
  }

  /** oclif's own log is silent where JSON is asked for. */
  #lines(lines: readonly string[]): void {
    for (const line of lines) process.stdout.write(`${line}\n`)
  }
}
