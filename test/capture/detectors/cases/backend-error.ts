import { addRefusal, edited, lastOf, refused } from '../../../support/a-capture.ts'
import { closedAs, isComplete, isSse } from '../fitting.ts'
import type { DetectorCases } from './case.ts'

export const cases: DetectorCases = {
  mutations: [
    {
      name: 'status 500',
      apply: (clean) =>
        isComplete(clean)
          ? edited(clean, (x) => refused(x, 500, { error: { message: 'The server had an error' } }))
          : null,
      expects: { fault: 'backend', severity: 'error' },
    },
    {
      name: 'status 502 in HTML',
      apply: (clean) =>
        isComplete(clean)
          ? edited(clean, (x) => refused(x, 502, '<html><body><h1>502 Bad Gateway</h1></body></html>'))
          : null,
      expects: { fault: 'backend', severity: 'error' },
    },
    {
      name: "status 400 for the client's own request",
      apply: (clean) =>
        isComplete(clean)
          ? edited(clean, (x) =>
              refused(x, 400, {
                error: { message: 'Invalid value', type: 'invalid_request_error', code: 'invalid_value' },
              }),
            )
          : null,
      expects: { fault: 'client', severity: 'error' },
    },
    {
      name: 'status 400 for what only the proxy asked',
      apply: (clean) =>
        isComplete(clean) && lastOf(clean).ptb.body.length > 2
          ? edited(clean, (x) => {
              x.ptb.editJson((json) => {
                json.temperature = 7
              })
              refused(x, 400, { error: { message: 'temperature must be at most 2', param: 'temperature' } })
            })
          : null,
      expects: { fault: 'proxy', severity: 'error' },
    },
    {
      name: 'an error that is only a string, in the middle of a stream',
      apply: (clean) =>
        isSse(clean)
          ? edited(clean, (x) =>
              x.bothAnswers((leg) => {
                leg.setBlocks(leg.blocks().slice(0, 1))
                const ms = leg.lastMs()
                // In two pieces, as networks cut.
                leg.chunks.push(
                  { ms, bytes: Buffer.from('data: {"err') },
                  { ms: ms + 1, bytes: Buffer.from('or":"boom"}\n\n') },
                )
              }),
            )
          : null,
      expects: { fault: 'backend', severity: 'error' },
    },
    {
      name: 'the backend cannot be reached',
      apply: (clean) =>
        isComplete(clean)
          ? edited(clean, (x) => {
              x.btp.keepBytes(0).endAs('error', 'connect_failed: cannot reach backend openai')
              Object.assign(x.btp, { headMs: null, status: null, headers: [] })
              x.answer.status = 502
              x.answer.setBody(
                '{"error":{"message":"cannot reach backend","type":"server_error","code":"connect_failed"}}',
              )
              closedAs(x, 'error', undefined, 'connect_failed')
              const [told] = x.closed?.attempts ?? []
              if (told)
                Object.assign(told, {
                  status: undefined,
                  reason: 'cannot reach backend',
                  error: 'connect_failed',
                })
            })
          : null,
      expects: { fault: 'network', severity: 'error' },
    },
    {
      name: 'no head within the time that the proxy gives it',
      apply: (clean) =>
        isComplete(clean)
          ? edited(clean, (x) => {
              x.btp.keepBytes(0).endAs('timeout', 'backend_timeout')
              Object.assign(x.btp, { headMs: null, status: null, headers: [] })
              x.answer.status = 504
              x.answer.setBody(
                '{"error":{"message":"too late","type":"server_error","code":"backend_timeout"}}',
              )
              closedAs(x, 'error', undefined, 'backend_timeout')
            })
          : null,
      expects: { fault: 'backend', severity: 'error' },
    },
    {
      name: 'status 503 at one backend, answered by another',
      apply: (clean) => (isComplete(clean) ? edited(clean, (x) => addRefusal(x)) : null),
      expects: { fault: 'backend', severity: 'warn' },
    },
  ],
  nearMisses: [
    {
      name: 'status 429',
      apply: (clean) =>
        isComplete(clean)
          ? edited(clean, (x) => refused(x, 429, { error: { message: 'Rate limit reached' } }))
          : null,
    },
    {
      name: 'an answer with error: null',
      apply: (clean) =>
        isComplete(clean) && !lastOf(clean).stream
          ? edited(clean, (x) =>
              x.bothAnswers((leg) => leg.setBody(leg.text.replace(/\}\s*$/, ',"error":null}'))),
            )
          : null,
    },
    {
      name: 'the answer speaks of an error',
      apply: (clean) =>
        isSse(clean)
          ? edited(clean, (x) =>
              x.bothAnswers((leg) =>
                leg.setBody(leg.text.replace(/Hello/g, 'error: {\\"error\\":\\"boom\\"}')),
              ),
            )
          : null,
    },
    {
      name: 'the client asks for a model that the proxy does not have',
      apply: (clean) =>
        isComplete(clean)
          ? edited(clean, (x) => {
              x.attempts = []
              if (x.closed) x.closed.attempts = []
              x.answer.status = 404
              x.answer.setBody(
                '{"error":{"message":"no such model","type":"invalid_request_error","code":"unknown_model"}}',
              )
              closedAs(x, 'rejected', undefined, 'unknown_model')
            })
          : null,
    },
  ],
}
