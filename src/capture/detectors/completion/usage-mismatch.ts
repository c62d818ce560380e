import type { ReportedUsage } from '../../../core/usage.ts'
import type { Detector, Finding, Subject } from '../detector.ts'
import { estimatedTokens } from '../ports.ts'
import { finalAttempt, type SeenAnswer, seenAnswers } from '../seen-answers.ts'
import { countableOutput } from './countable-output.ts'
import { wrongTotal } from './reported-total.ts'

/**
 * Tokenizers differ by up to 1.4, a count by length by more: only what no tokenizer could explain is told
 * (the rule's 25 % would be wrong more often than right).
 */
const factor = 2
const slackTokens = 50
/** What a call costs beside its name and arguments, at most. */
const tokensPerCall = 80

type Told = Pick<Finding, 'description' | 'evidence'> & { severity?: 'note' }

/** Reference §4.2, 48: numbers that cannot be true, or that differ between the legs. */
export const usageMismatch: Detector = {
  code: 'usage_mismatch',
  severity: 'warn',
  summary: 'The reported token usage contradicts the answer, itself, or the other leg',
  *find(subject) {
    const [btp, ptc] = seenAnswers(subject)
    if (!btp?.reading.answer) return
    for (const told of [sumOf(btp), shrinking(subject, btp), againstText(subject, btp)]) {
      if (told) yield issue(told, btp)
    }
    const changed = ptc && changedOnTheWay(btp, ptc)
    if (changed) yield issue(changed, ptc)
  },
}

function issue(told: Told, { leg, fault }: SeenAnswer): Finding {
  return {
    severity: 'warn',
    ...told,
    fault,
    leg: leg.leg,
    attempt: leg.attempt,
    hint:
      fault === 'proxy'
        ? 'Compare the usage on BTP and PTC of this exchange: clients that count by it are misled.'
        : 'Do not trust the costs of this backend before it is clear what it counts.',
  }
}

function sumOf({ reading }: SeenAnswer): Told | null {
  const wrong = wrongTotal(reading)
  if (!wrong) return null
  const { input, output, total } = wrong
  return {
    // Some count hidden thoughts into the total only: surprising on an invoice, but no contradiction.
    ...(total > input + output && { severity: 'note' as const }),
    description: `The backend reported ${total} tokens in total, but ${input} and ${output} make ${input + output}.`,
    evidence: { promptTokens: input, completionTokens: output, totalTokens: total },
  }
}

/** Anthropic's usages within one stream only ever grow; others begin with real numbers and end with zeros. */
function shrinking(subject: Subject, { reading }: SeenAnswer): Told | null {
  if (finalAttempt(subject)?.protocol !== 'anthropic-messages' || !countableOutput(subject, reading))
    return null
  let most = 0
  for (const { event } of reading.events) {
    const tokens = event.type === 'usage' ? (event.usage.completionTokens ?? most) : most
    if (tokens < most) {
      return {
        description: `The reported output fell from ${most} to ${tokens} tokens within one answer.`,
        evidence: { before: most, after: tokens },
      }
    }
    most = tokens
  }
  return null
}

function againstText(subject: Subject, { reading }: SeenAnswer): Told | null {
  const output = countableOutput(subject, reading)
  const { completionTokens, reasoningTokens = 0 } = reading.answer?.usage ?? {}
  if (!output || completionTokens === undefined) return null
  const reported = completionTokens - reasoningTokens
  const isPossible = (counted: number) =>
    reported <= factor * counted + slackTokens + tokensPerCall * output.calls &&
    reported >= counted / factor - slackTokens
  if (isPossible(estimatedTokens(output.text))) return null
  const counted = subject.countTokens(output.text)
  if (isPossible(counted)) return null
  return {
    description: `The backend reported ${reported} tokens of visible output, of which about ${counted} were counted.`,
    evidence: { reported, counted, reasoningTokens },
  }
}

const compared = ['promptTokens', 'completionTokens', 'cachedTokens', 'reasoningTokens'] as const

function changedOnTheWay({ reading: sent }: SeenAnswer, { reading: got }: SeenAnswer): Told | null {
  const before = sent.answer?.usage
  const after = got.answer?.usage
  if (!before || !after || !got.isTerminated) return null
  const name = compared.find((key) => differs(before, after, key))
  if (name === undefined) return null
  return {
    description: `The backend reported ${before[name]} ${wordsOf[name]} and the client was told ${after[name]}.`,
    evidence: { name, backend: before[name], client: after[name] },
  }
}

const wordsOf: Record<(typeof compared)[number], string> = {
  promptTokens: 'input tokens',
  completionTokens: 'output tokens',
  cachedTokens: 'cached tokens',
  reasoningTokens: 'tokens of thoughts',
}

/** What one protocol has no field for is not said at all, which is no contradiction. */
function differs(before: ReportedUsage, after: ReportedUsage, key: (typeof compared)[number]): boolean {
  return before[key] !== undefined && after[key] !== undefined && before[key] !== after[key]
}
