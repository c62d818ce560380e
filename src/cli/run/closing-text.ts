import type { Client } from '../clients/client.ts'
import { durationText, tokensText, unknownMark, usdText } from '../numbers.ts'
import type { RunStats } from './figures.ts'

export interface RunEnd {
  /** Null: the proxy no longer answers. */
  stats: RunStats | 'no ledger' | null
  /** Null: it does not tell. */
  issues: number | null
  ownTag: string
  /** The proxy that was named for the run, so that the same one is asked; null: whichever is found. */
  namedUrl: string | null
  command: string
  /** Null for a command that is none of the clients known here. */
  client: Client | null
}

/** What `llmproxy run` says when the client has ended, a line each. */
export function closingLines({ stats, issues, ownTag, namedUrl, command, client }: RunEnd): string[] {
  if (stats === null) return ['llmproxy: the proxy no longer answers, so there are no figures']
  if (stats === 'no ledger') {
    return ['llmproxy: the proxy keeps no usage records, so there are no figures (usage_tracking.enabled)']
  }
  if (stats.request_count === 0) {
    return [`llmproxy: no request of ${command} went through it`, `  ${emptyHint(command, client)}`]
  }
  const parts = [
    requestsText(stats),
    tokensOf(stats),
    costText(stats),
    `longest wait ${durationText(longestWaitMs(stats))}`,
    issuesText(issues),
  ]
  const at = namedUrl === null ? '' : ` --url ${namedUrl}`
  return [`llmproxy: ${parts.join(' · ')}`, `  each of them: llmproxy usage recent --tag ${ownTag}${at}`]
}

function requestsText({ request_count: count, error_count: failed }: RunStats): string {
  const requests = `${count} ${count === 1 ? 'request' : 'requests'}`
  return failed === 0 ? requests : `${requests}, ${failed} failed`
}

/** A `~` stands before what was counted by us, at least in part, rather than reported. */
function tokensOf(stats: RunStats): string {
  const mark = stats.estimated_requests > 0 ? '~' : ''
  const { billed_prompt_tokens: prompt, billed_completion_tokens: completion } = stats
  return `${mark}${tokensText(prompt)}→${mark}${tokensText(completion)} tokens`
}

function costText({ request_count, unpriced_requests: unpriced, total_cost, list_cost }: RunStats): string {
  const cost = unpriced === request_count ? unknownMark : usdText(total_cost)
  const notes = [
    ...(list_cost > 0 ? [`a plan's at list price ${usdText(list_cost)}`] : []),
    ...(unpriced > 0 ? [`${unpriced} without a price`] : []),
  ]
  return notes.length === 0 ? `cost ${cost}` : `cost ${cost} (${notes.join(', ')})`
}

/** For the first content, or for more of an answer. */
function longestWaitMs({ ttft_stats, gap_stats }: RunStats): number | null {
  const waits = [ttft_stats, gap_stats].flatMap((stats) => (stats === null ? [] : [stats.max_ms]))
  return waits.length === 0 ? null : Math.max(...waits)
}

function issuesText(issues: number | null): string {
  if (issues === null) return `issues ${unknownMark}`
  if (issues === 0) return 'no issues'
  return issues === 1 ? '1 issue' : `${issues} issues`
}

function emptyHint(command: string, client: Client | null): string {
  if (client !== null) {
    return `if it should have: look whether its settings or flags name another address (llmproxy connect ${client.name})`
  }
  return `if it should have: ${command} must take its address from OPENAI_BASE_URL, ANTHROPIC_BASE_URL or GOOGLE_GEMINI_BASE_URL`
}
