import { type CaptureDraft, edited, lastOf } from '../../../support/a-capture.ts'
import { isAnswered, withoutUsage } from '../../../support/capture/answer-edits.ts'
import type { DetectorCases } from './case.ts'

function counts(capture: CaptureDraft): boolean {
  return isAnswered(capture, ({ usage }) => usage?.completionTokens !== undefined)
}

/** A chat stream tells its usage only to who asks. */
function isAsked(capture: CaptureDraft): boolean {
  const x = lastOf(capture)
  return x.protocol !== 'openai-chat' || !x.stream || x.ptb.json.stream_options?.include_usage === true
}

function isChatStream(capture: CaptureDraft): boolean {
  const { protocol, stream } = lastOf(capture)
  return protocol === 'openai-chat' && stream && counts(capture)
}

export const cases: DetectorCases = {
  mutations: [
    {
      name: 'the backend told no usage',
      apply: (clean) =>
        counts(clean) && isAsked(clean) ? edited(clean, (x) => x.bothAnswers(withoutUsage)) : null,
      expects: { fault: 'backend', severity: 'note' },
    },
    {
      name: 'the proxy did not pass the usage on',
      apply: (clean) =>
        counts(clean) && isAsked(clean) ? edited(clean, (x) => withoutUsage(x.answer)) : null,
      expects: { fault: 'proxy', severity: 'note' },
    },
    {
      name: 'the proxy asked for it and got none',
      apply: (clean) =>
        isChatStream(clean)
          ? edited(clean, (x) => {
              x.request.editJson((json) => delete json.stream_options)
              x.ptb.editJson((json) => Object.assign(json, { stream_options: { include_usage: true } }))
              x.bothAnswers(withoutUsage)
            })
          : null,
      expects: { fault: 'backend', severity: 'note' },
    },
  ],
  nearMisses: [
    {
      name: 'nobody asked for it',
      apply: (clean) =>
        isChatStream(clean)
          ? edited(clean, (x) =>
              x
                .bothRequests((leg) => leg.editJson((json) => delete json.stream_options))
                .bothAnswers(withoutUsage),
            )
          : null,
    },
    {
      name: 'only the proxy asked, and kept the answer to itself',
      apply: (clean) =>
        isChatStream(clean)
          ? edited(clean, (x) => {
              x.request.editJson((json) => delete json.stream_options)
              x.ptb.editJson((json) => Object.assign(json, { stream_options: { include_usage: true } }))
              withoutUsage(x.answer)
            })
          : null,
    },
    {
      name: 'the client left before it came',
      apply: (clean) =>
        counts(clean) && lastOf(clean).stream
          ? edited(clean, (x) =>
              x.answer.keepBytes(Math.floor(x.answer.body.length / 2)).endAs('abort_client'),
            )
          : null,
    },
  ],
}
