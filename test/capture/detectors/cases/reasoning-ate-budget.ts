import { type CaptureDraft, edited } from '../../../support/a-capture.ts'
import {
  editUsage,
  endWith,
  isAnswered,
  isStopped,
  limitOutput,
  textOf,
  withoutOutput,
} from '../../../support/capture/answer-edits.ts'
import type { DetectorCases } from './case.ts'

type Draft = Parameters<typeof endWith>[0]
type Leg = Parameters<typeof endWith>[1]

function hasWords(capture: CaptureDraft): boolean {
  return isAnswered(capture, (answer) => isStopped(answer) && textOf(answer) !== '' && answer.usage !== null)
}

/** Where the protocol counts thoughts apart. */
function countsThoughts(x: Draft): boolean {
  return x.protocol !== 'anthropic-messages'
}

function eaten(x: Draft, leg: Leg): Leg {
  return editUsage(endWith(x, withoutOutput(x, leg), 'length'), (usage) => count(x, usage, 1000, 960))
}

function count(x: Draft, usage: Record<string, unknown>, output: number, thoughts: number): void {
  if (x.protocol === 'gemini') {
    usage.candidatesTokenCount = output - thoughts
    usage.thoughtsTokenCount = thoughts
    usage.totalTokenCount = Number(usage.promptTokenCount) + output
    return
  }
  const isChat = x.protocol === 'openai-chat'
  usage[isChat ? 'completion_tokens' : 'output_tokens'] = output
  usage[isChat ? 'completion_tokens_details' : 'output_tokens_details'] = { reasoning_tokens: thoughts }
  usage.total_tokens = Number(usage[isChat ? 'prompt_tokens' : 'input_tokens']) + output
}

function applied(clean: CaptureDraft, edit: (x: Draft) => unknown): CaptureDraft | null {
  if (!hasWords(clean)) return null
  const spoilt = edited(clean, edit)
  return countsThoughts(spoilt.exchanges.at(-1) as Draft) ? spoilt : null
}

export const cases: DetectorCases = {
  mutations: [
    {
      name: "all of the client's limit went into thoughts",
      apply: (clean) => applied(clean, (x) => limitOutput(x, 1000).bothAnswers((leg) => eaten(x, leg))),
      expects: { fault: 'client' },
    },
    {
      name: 'the backend has a limit of its own',
      apply: (clean) => applied(clean, (x) => limitOutput(x, null).bothAnswers((leg) => eaten(x, leg))),
      expects: { fault: 'backend' },
    },
    {
      name: 'the proxy had set the limit',
      apply: (clean) =>
        applied(clean, (x) => {
          limitOutput(x, 1000)
          x.request.setBody(withoutLimit(x.request))
          x.bothAnswers((leg) => eaten(x, leg))
        }),
      expects: { fault: 'proxy' },
    },
  ],
  nearMisses: [
    {
      name: 'cut after many thoughts, but in the middle of words',
      apply: (clean) =>
        applied(clean, (x) =>
          x.bothAnswers((leg) => editUsage(endWith(x, leg, 'length'), (usage) => count(x, usage, 1000, 960))),
        ),
    },
    {
      name: 'many thoughts before a normal end',
      apply: (clean) =>
        applied(clean, (x) => x.bothAnswers((leg) => editUsage(leg, (usage) => count(x, usage, 1000, 960)))),
    },
  ],
}

function withoutLimit(leg: Leg): string {
  const json = leg.json
  for (const key of ['max_tokens', 'max_completion_tokens', 'max_output_tokens']) delete json[key]
  delete json.generationConfig?.maxOutputTokens
  return JSON.stringify(json)
}
