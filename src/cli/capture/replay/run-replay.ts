import type { ReplaySummary } from '../../../capture/replay/report/replay-summary.ts'
import type { SavedRun } from '../../../capture/replay/save/saved-run.ts'
import { exitCodes } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'
import { outputWidth } from '../../table.ts'
import { captureFailure } from '../capture-failure.ts'
import { refuseOverwriting } from '../export/safe-output.ts'
import { type AskedReplay, askedReplay } from './asked-replay.ts'
import { billingLine } from './plan-lines.ts'
import { type PreparedReplay, preparedReplay } from './prepared-replay.ts'
import { type ChosenExchanges, readChosen } from './read-chosen.ts'
import type { ReplayParts } from './replay-parts.ts'
import { linesOfPlan, ReplayReport } from './replay-report.ts'
import { targetOf } from './target-of.ts'

/** Replays a capture; gives the exit code. Throws failures: of usage, and of guards before anything is sent. */
export async function runReplay(parts: ReplayParts): Promise<number> {
  const { flags, replay, env } = parts
  const asked = askedReplay(flags, parts.help)
  const isSent = asked.how.mode === 'against' || (asked.how.mode === 'live' && asked.how.backend === null)
  const target = isSent ? await targetOf(flags, env, replay.isLoopbackUrl) : null
  const chosen = await readChosen(parts, asked)
  for (const output of [flags.output, flags.save])
    if (output !== undefined) await refuseOverwriting(output, chosen.file)
  const prepared = await preparedReplay({ parts, asked, exchanges: chosen.exchanges, target })
  const { Chalk, default: chalk } = await import('chalk')
  const report = reporting(parts, { output: chalk, plain: new Chalk({ level: 0 }) }, chosen.exchanges.length)
  try {
    if (!mayGo(parts, asked, prepared)) return planned(report, prepared, flags['dry-run'])
    parts.onSending()
    return await replayed({ parts, asked, chosen, prepared, report })
  } finally {
    await report.close()
    if (flags.output !== undefined) parts.say(`written to ${flags.output}`)
  }
}

/** That its file cannot be written is known before anything is sent. */
function reporting(...of: ConstructorParameters<typeof ReplayReport>): ReplayReport {
  const [{ flags }] = of
  try {
    return new ReplayReport(...of)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Failure(`cannot write ${flags.output}: ${why}`, exitCodes.usage, [], error)
  }
}

function mayGo({ flags }: ReplayParts, { how }: AskedReplay, { plan }: PreparedReplay): boolean {
  if (flags['dry-run']) return false
  return how.mode !== 'live' || flags['yes-spend'] || plan.requests === 0
}

/** The plan is the answer. */
function planned(report: ReplayReport, { plan }: PreparedReplay, isAsked: boolean): number {
  report.plan(plan)
  if (isAsked) return exitCodes.ok
  throw new Failure(
    'nothing was sent: this is billed; say that it may be with --yes-spend',
    exitCodes.notDone,
  )
}

interface Replaying {
  parts: ReplayParts
  asked: AskedReplay
  chosen: ChosenExchanges
  prepared: PreparedReplay
  report: ReplayReport
}

async function replayed(replaying: Replaying): Promise<number> {
  const { parts, asked, chosen, prepared, report } = replaying
  const { mode } = asked.how
  const summary = new parts.replay.ReplaySummary({ mode, target: prepared.target, level: asked.level })
  const saved = await sendAll(replaying, summary)
  const { spending } = prepared
  const end = {
    ...{ interrupted: parts.signal.aborted, stopped: spending?.stopped ?? null, saved },
    costUsd: spending === null || spending.isUnknown ? null : spending.spentUsd,
    isCostEstimated: spending?.isEstimated ?? false,
  }
  const facts = { file: chosen.file, all: chosen.exchanges.length }
  report.summary(summary.report(end, asked.tolerance), facts)
  return exitCodeOf(summary, end)
}

/** The file of the new run; null: none. */
async function sendAll(
  { parts, prepared, report }: Replaying,
  summary: ReplaySummary,
): Promise<string | null> {
  const { flags, signal } = parts
  const run = await saving(parts)
  let isSaved = false
  announce(parts, prepared, report)
  try {
    for await (const exchange of prepared.run(signal, run ? (entry) => run.write(entry) : undefined)) {
      const wasWithoutCredential = summary.isWithoutCredential
      summary.add(exchange)
      if (summary.isWithoutCredential && !wasWithoutCredential) parts.say(credentialHint)
      report.exchange(exchange)
    }
  } catch (error) {
    throw targetFailure(error)
  } finally {
    if (run) isSaved = await closed(run)
  }
  return isSaved ? (flags.save ?? null) : null
}

function exitCodeOf(
  summary: ReplaySummary,
  { interrupted, stopped }: { interrupted: boolean; stopped: string | null },
): number {
  if (interrupted) return summary.isDifferent ? exitCodes.failed : exitCodes.interrupted
  if (summary.isWithoutCredential) return exitCodes.notDone
  if (summary.isDifferent) return exitCodes.failed
  if (stopped !== null) return exitCodes.notDone
  if (summary.sent > 0) return exitCodes.ok
  throw new Failure('nothing of it can be replayed; why is said with each exchange', exitCodes.usage)
}

const credentialHint =
  'the target asks its providers with what clients bring, and credentials of a recording are never sent: ' +
  'give it provider keys of its own (`llmproxy config check` names the variables), and replay again'

/** Before anything is sent, who pays must know what will be. */
function announce(parts: ReplayParts, { plan }: PreparedReplay, report: ReplayReport): void {
  const { flags, err, say } = parts
  if (plan.mode === 'live') {
    if (flags.json) return report.plan(plan)
    for (const line of linesOfPlan(plan, outputWidth(err))) say(line)
  } else if (plan.mode === 'against' && plan.requests > 0) {
    const requests = plan.requests === 1 ? '1 request goes' : `${plan.requests} requests go`
    const takes = plan.takes_ms === null ? '' : `, in about ${Math.ceil(plan.takes_ms / 1000)} s`
    say(`${requests} to ${plan.target}${takes}; ${billingLine(plan.recorded_cost_usd)}`)
  }
}

async function saving({ flags, replay, clock, version, secrets }: ReplayParts): Promise<SavedRun | null> {
  if (flags.save === undefined) return null
  try {
    return await replay.saveRun({ file: flags.save, clock, version, secrets: await secrets() })
  } catch (error) {
    throw captureFailure(error, exitCodes.usage)
  }
}

async function closed(run: SavedRun): Promise<boolean> {
  try {
    return await run.close()
  } catch (error) {
    throw captureFailure(error, exitCodes.usage)
  }
}

/** Told by its name: its module is not loaded for commands that never meet it. */
function targetFailure(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || thrown.name !== 'TargetFault')
    return captureFailure(thrown, exitCodes.usage)
  const isAway = 'code' in thrown && thrown.code === 'away'
  const next = isAway ? 'llmproxy serve' : 'LLMPROXY_API_KEY=lp_… llmproxy capture replay …'
  return new Failure(thrown.message, exitCodes.notDone, [next], thrown)
}
