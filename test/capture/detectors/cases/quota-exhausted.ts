import { addRefusal, edited, refused } from '../../../support/a-capture.ts'
import { isComplete, isSse } from '../fitting.ts'
import type { DetectorCases } from './case.ts'

const quota = {
  error: {
    message: 'You exceeded your current quota, please check your plan and billing details.',
    type: 'insufficient_quota',
    param: null,
    code: 'insufficient_quota',
  },
}

export const cases: DetectorCases = {
  mutations: [
    {
      name: "OpenAI's insufficient_quota",
      apply: (clean) => (isComplete(clean) ? edited(clean, (x) => refused(x, 429, quota)) : null),
      expects: { fault: 'backend', severity: 'error' },
    },
    {
      name: "Anthropic's credit balance, with status 400",
      apply: (clean) =>
        isComplete(clean)
          ? edited(clean, (x) =>
              refused(x, 400, {
                type: 'error',
                error: {
                  type: 'invalid_request_error',
                  message:
                    'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing.',
                },
              }),
            )
          : null,
      expects: { fault: 'backend', severity: 'error' },
    },
    {
      name: 'status 402',
      apply: (clean) =>
        isComplete(clean)
          ? edited(clean, (x) => refused(x, 402, { error: { message: 'Insufficient Balance', code: 402 } }))
          : null,
      expects: { fault: 'backend', severity: 'error' },
    },
    {
      name: 'in the middle of a stream',
      apply: (clean) =>
        isSse(clean)
          ? edited(clean, (x) =>
              x.bothAnswers((leg) => {
                leg.setBlocks(leg.blocks().slice(0, 1))
                leg.chunks.push({
                  ms: leg.lastMs(),
                  bytes: Buffer.from(`data: ${JSON.stringify({ type: 'error', ...quota })}\n\n`),
                })
              }),
            )
          : null,
      expects: { fault: 'backend', severity: 'error' },
    },
  ],
  nearMisses: [
    {
      name: 'too many requests in a minute',
      apply: (clean) =>
        isComplete(clean)
          ? edited(clean, (x) =>
              refused(x, 429, {
                error: { message: 'Rate limit reached', type: 'requests', code: 'rate_limit_exceeded' },
              }),
            )
          : null,
    },
    {
      name: "Google's quota of a minute",
      apply: (clean) =>
        isComplete(clean)
          ? edited(clean, (x) =>
              refused(x, 429, {
                error: {
                  code: 429,
                  message: 'You exceeded your current quota, please check your plan and billing details.',
                  status: 'RESOURCE_EXHAUSTED',
                  details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '13s' }],
                },
              }),
            )
          : null,
    },
    {
      name: 'limited at one backend, answered by another',
      apply: (clean) => (isComplete(clean) ? edited(clean, (x) => addRefusal(x, { status: 429 })) : null),
    },
    {
      name: 'a bad request about an invoice',
      apply: (clean) =>
        isComplete(clean)
          ? edited(clean, (x) =>
              refused(x, 400, {
                error: {
                  message: "Invalid schema for function 'get_billing'",
                  type: 'invalid_request_error',
                },
              }),
            )
          : null,
    },
  ],
}
