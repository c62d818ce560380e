import { addRefusal, edited, lastOf, refused } from '../../../support/a-capture.ts'
import { isComplete, isSse } from '../fitting.ts'
import type { DetectorCases } from './case.ts'

const limited = {
  error: { message: 'Rate limit reached for gpt-4o', type: 'tokens', code: 'rate_limit_exceeded' },
}

export const cases: DetectorCases = {
  mutations: [
    {
      name: 'status 429 with retry-after',
      apply: (clean) =>
        isComplete(clean) ? edited(clean, (x) => refused(x, 429, limited, { 'retry-after': '20' })) : null,
      expects: { fault: 'backend', severity: 'warn' },
    },
    {
      name: 'status 529',
      apply: (clean) =>
        isComplete(clean)
          ? edited(clean, (x) =>
              refused(x, 529, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }),
            )
          : null,
      expects: { fault: 'backend', severity: 'warn' },
    },
    {
      name: "Google's word for it in a status of 400",
      apply: (clean) =>
        isComplete(clean)
          ? edited(clean, (x) =>
              refused(x, 400, {
                error: { code: 400, message: 'Resource has been exhausted', status: 'RESOURCE_EXHAUSTED' },
              }),
            )
          : null,
      expects: { fault: 'backend', severity: 'warn' },
    },
    {
      name: 'overloaded in the middle of a stream',
      apply: (clean) =>
        isSse(clean)
          ? edited(clean, (x) =>
              x.bothAnswers((leg) => {
                const blocks = leg.blocks()
                const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }
                leg.setBlocks(blocks.slice(0, Math.floor(blocks.length / 2)))
                leg.chunks.push({
                  ms: leg.lastMs(),
                  bytes: Buffer.from(`event: error\ndata: ${JSON.stringify(error)}\n\n`),
                })
              }),
            )
          : null,
      expects: { fault: 'backend', severity: 'warn' },
    },
    {
      name: 'limited at one backend, answered by another',
      apply: (clean) =>
        isComplete(clean)
          ? edited(clean, (x) =>
              addRefusal(x, { status: 429, body: limited, headers: { 'retry-after': '20' } }),
            )
          : null,
      expects: { fault: 'backend', severity: 'warn' },
    },
  ],
  nearMisses: [
    {
      name: 'status 500',
      apply: (clean) =>
        isComplete(clean)
          ? edited(clean, (x) => refused(x, 500, { error: { message: 'The server had an error' } }))
          : null,
    },
    {
      name: 'limit headers of a good answer',
      apply: (clean) =>
        isComplete(clean)
          ? edited(clean, (x) =>
              x.bothAnswers((leg) =>
                leg
                  .header('x-ratelimit-remaining-requests', '0')
                  .header('anthropic-ratelimit-tokens-remaining', '0'),
              ),
            )
          : null,
    },
    {
      name: 'the client asks about rate limits',
      apply: (clean) =>
        isComplete(clean) && lastOf(clean).request.body.length > 2
          ? edited(clean, (x) =>
              x.bothRequests((leg) =>
                leg.setBody(
                  leg.text.replace(
                    /\}\s*$/,
                    ',"metadata":{"note":"429 rate_limit_exceeded, rate limit reached"}}',
                  ),
                ),
              ),
            )
          : null,
    },
  ],
}
