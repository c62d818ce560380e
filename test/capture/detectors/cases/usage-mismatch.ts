import { type CaptureDraft, edited, lastOf, readingOf } from '../../../support/a-capture.ts'
import { callsTool, editUsage, isAnswered, textOf } from '../../../support/capture/answer-edits.ts'
import type { DetectorCases } from './case.ts'

/** A usage for words alone: of thoughts, sound and the provider's own tools nobody can count the tokens. */
function isCountable(capture: CaptureDraft, least = 1): boolean {
  return isAnswered(
    capture,
    (answer) =>
      answer.usage?.completionTokens !== undefined &&
      !answer.usage.reasoningTokens &&
      !callsTool(answer) &&
      textOf(answer).length >= least &&
      !readingOf(lastOf(capture), lastOf(capture).btp).events.some(({ event }) =>
        hidden.includes(event.type),
      ) &&
      answer.choices.every(({ parts }) =>
        parts.every(({ type, ...part }) => type === 'text' && !('state' in part)),
      ),
  )
}

/** What is output and no words. */
const hidden = ['content', 'server_tool', 'media', 'state', 'reasoning', 'unknown']

const outputKeys = ['completion_tokens', 'output_tokens', 'candidatesTokenCount']
const inputKeys = ['prompt_tokens', 'input_tokens', 'promptTokenCount']
const totalKeys = ['total_tokens', 'totalTokenCount']

function change(
  usage: Record<string, number>,
  keys: readonly string[],
  change: (tokens: number) => number,
): void {
  for (const key of keys) if (typeof usage[key] === 'number') usage[key] = change(usage[key])
}

/** So many more tokens of output, with a total that agrees. */
function moreOutput(more: number) {
  return (usage: Record<string, number>) =>
    change(usage, [...outputKeys, ...totalKeys], (tokens) => tokens + more)
}

export const cases: DetectorCases = {
  mutations: [
    {
      name: 'far more output is reported than there is',
      apply: (clean) =>
        isCountable(clean)
          ? edited(clean, (x) => {
              const more = 200 + Math.ceil(x.btp.body.length / 2)
              x.bothAnswers((leg) => editUsage(leg, moreOutput(more)))
            })
          : null,
      expects: { fault: 'backend', severity: 'warn' },
    },
    {
      name: 'the total is less than its parts',
      apply: (clean) =>
        isCountable(clean) && lastOf(clean).protocol !== 'anthropic-messages'
          ? edited(clean, (x) =>
              x.bothAnswers((leg) =>
                editUsage(leg, (usage) => change(usage, totalKeys, (total) => Math.floor(total / 4))),
              ),
            )
          : null,
      expects: { fault: 'backend', severity: 'warn' },
    },
    {
      name: 'the proxy passed another usage on',
      apply: (clean) =>
        isCountable(clean)
          ? edited(clean, (x) =>
              editUsage(x.answer, (usage) =>
                change(usage, [...inputKeys, ...totalKeys], (tokens) => tokens + 77),
              ),
            )
          : null,
      expects: { fault: 'proxy', severity: 'warn' },
    },
    {
      name: 'hardly any output is reported for a long answer',
      apply: (clean) =>
        isCountable(clean, 1200)
          ? edited(clean, (x) =>
              x.bothAnswers((leg) =>
                editUsage(leg, (usage) => {
                  const [output = 0] = outputKeys
                    .map((key) => usage[key])
                    .filter((tokens) => tokens !== undefined)
                  change(usage, outputKeys, () => Math.min(output, 3))
                  change(usage, totalKeys, (total) => total - Math.max(0, output - 3))
                }),
              ),
            )
          : null,
      expects: { fault: 'backend', severity: 'warn' },
    },
  ],
  nearMisses: [
    {
      name: 'a fifth more tokens than we count',
      apply: (clean) =>
        isCountable(clean)
          ? edited(clean, (x) =>
              x.bothAnswers((leg) =>
                editUsage(
                  leg,
                  moreOutput((Math.ceil(x.closed?.attempts[0]?.completion_tokens ?? 0) / 5) | 0),
                ),
              ),
            )
          : null,
    },
    {
      name: 'many tokens of thoughts that nobody can read',
      apply: (clean) =>
        isCountable(clean) && lastOf(clean).protocol !== 'anthropic-messages'
          ? edited(clean, (x) =>
              x.bothAnswers((leg) =>
                editUsage(leg, (usage) => {
                  const isGemini = x.protocol === 'gemini'
                  moreOutput(isGemini ? 0 : 2000)(usage)
                  if (isGemini) {
                    usage.thoughtsTokenCount = 2000
                    usage.totalTokenCount = Number(usage.totalTokenCount) + 2000
                  } else {
                    const details = { reasoning_tokens: 2000 }
                    const name =
                      x.protocol === 'openai-chat' ? 'completion_tokens_details' : 'output_tokens_details'
                    Object.assign(usage, { [name]: details })
                  }
                }),
              ),
            )
          : null,
    },
  ],
}
