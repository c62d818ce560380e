import { addRefusal, edited, refused } from '../../../support/a-capture.ts'
import { closedAs, isComplete } from '../fitting.ts'
import type { DetectorCases } from './case.ts'

const wrongKey = {
  error: { message: 'Incorrect API key provided', type: 'invalid_request_error', code: 'invalid_api_key' },
}
const keyHeaders = ['authorization', 'x-api-key', 'x-goog-api-key']

export const cases: DetectorCases = {
  mutations: [
    {
      name: "the provider refuses the proxy's key",
      apply: (clean) => (isComplete(clean) ? edited(clean, (x) => refused(x, 401, wrongKey)) : null),
      expects: { fault: 'proxy', severity: 'error' },
    },
    {
      name: "the provider refuses the client's own login",
      apply: (clean) =>
        isComplete(clean)
          ? edited(clean, (x) => {
              const own = x.request.headers.find(([name]) => keyHeaders.includes(name))
              if (own) x.ptb.header(own[0], own[1])
              refused(x, 401, {
                type: 'error',
                error: { type: 'authentication_error', message: 'OAuth token has expired' },
              })
            })
          : null,
      expects: { fault: 'client', severity: 'error' },
    },
    {
      name: "Google's word for a key that is not valid, with status 400",
      apply: (clean) =>
        isComplete(clean)
          ? edited(clean, (x) =>
              refused(x, 400, {
                error: {
                  code: 400,
                  message: 'API key not valid. Please pass a valid API key.',
                  status: 'INVALID_ARGUMENT',
                  details: [
                    { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' },
                  ],
                },
              }),
            )
          : null,
      expects: { fault: 'proxy', severity: 'error' },
    },
    {
      name: 'the proxy refuses the access key',
      apply: (clean) =>
        isComplete(clean)
          ? edited(clean, (x) => {
              x.attempts = []
              if (x.closed) x.closed.attempts = []
              x.answer.status = 401
              x.answer.setBody(
                '{"error":{"message":"this access key is not known","type":"invalid_request_error","code":"access_key_wrong"}}',
              )
              closedAs(x, 'rejected', undefined, 'access_key_wrong')
            })
          : null,
      expects: { fault: 'client', severity: 'error' },
    },
    {
      name: 'refused at one backend, answered by another',
      apply: (clean) =>
        isComplete(clean) ? edited(clean, (x) => addRefusal(x, { status: 403, body: wrongKey })) : null,
      expects: { fault: 'proxy', severity: 'warn' },
    },
  ],
  nearMisses: [
    {
      name: 'an unknown model',
      apply: (clean) =>
        isComplete(clean)
          ? edited(clean, (x) =>
              refused(x, 404, {
                error: {
                  message: 'The model `gpt-5` does not exist or you do not have access to it.',
                  code: 'model_not_found',
                },
              }),
            )
          : null,
    },
    {
      name: 'a bad request about a tool named authorize',
      apply: (clean) =>
        isComplete(clean)
          ? edited(clean, (x) =>
              refused(x, 400, {
                error: {
                  message: "Invalid 'tools[0].authorize': permission_error",
                  type: 'invalid_request_error',
                },
              }),
            )
          : null,
    },
    {
      name: 'status 429',
      apply: (clean) =>
        isComplete(clean) ? edited(clean, (x) => refused(x, 429, { error: { message: 'slow down' } })) : null,
    },
  ],
}
