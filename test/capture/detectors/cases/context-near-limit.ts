import { type CaptureDraft, edited, lastOf, refused } from '../../../support/a-capture.ts'
import { hasConversation } from '../../../support/capture/tool-turns.ts'
import type { DetectorCases } from './case.ts'

type Body = Parameters<typeof refused>[2]

function refusedWith(clean: CaptureDraft, status: number, body: Body): CaptureDraft | null {
  return hasConversation(lastOf(clean)) ? edited(clean, (x) => refused(x, status, body)) : null
}

export const cases: DetectorCases = {
  mutations: [
    {
      name: 'Anthropic: the prompt is too long',
      apply: (clean) =>
        refusedWith(clean, 400, {
          type: 'error',
          error: {
            type: 'invalid_request_error',
            message: 'prompt is too long: 214513 tokens > 200000 maximum',
          },
        }),
      expects: { fault: 'client', severity: 'error' },
    },
    {
      name: 'OpenAI: context_length_exceeded',
      apply: (clean) =>
        refusedWith(clean, 400, {
          error: {
            message:
              'Your input exceeds the context window of this model. Please adjust your input and try again.',
            ...{ type: 'invalid_request_error', param: 'input', code: 'context_length_exceeded' },
          },
        }),
      expects: { fault: 'client', severity: 'error' },
    },
    {
      name: 'Gemini: the input token count exceeds the maximum',
      apply: (clean) =>
        refusedWith(clean, 400, {
          error: {
            ...{ code: 400, status: 'INVALID_ARGUMENT' },
            message:
              'The input token count (1215203) exceeds the maximum number of tokens allowed (1048576).',
          },
        }),
      expects: { fault: 'client', severity: 'error' },
    },
  ],
  nearMisses: [
    {
      name: 'a limit of tokens per minute',
      apply: (clean) =>
        refusedWith(clean, 429, {
          error: {
            ...{ type: 'tokens', code: 'rate_limit_exceeded' },
            message: 'Request too large for gpt-4o on tokens per min (TPM): Limit 30000, Requested 41020.',
          },
        }),
    },
    {
      name: 'a name that is too long',
      apply: (clean) =>
        refusedWith(clean, 400, {
          error: {
            message: "Invalid 'tools[0].name': string too long. Expected a string with maximum length 64.",
            ...{ type: 'invalid_request_error', code: 'string_above_max_length' },
          },
        }),
    },
  ],
}
