import { addRefusal, type CaptureDraft, edited, lastOf, readingOf } from '../../../support/a-capture.ts'
import { editDocuments, isAnswered } from '../../../support/capture/answer-edits.ts'
import type { DetectorCases } from './case.ts'

type Draft = Parameters<typeof editDocuments>[0] extends infer Leg ? { leg: Leg } : never
type Leg = Draft['leg']

/** An answer that names the model that was asked for. */
function namesModel(capture: CaptureDraft): boolean {
  const { attempt } = lastOf(capture)
  return isAnswered(capture, ({ model }) => model !== null && attempt.model !== null && attempt.model !== '')
}

function answeredBy(leg: Leg, model: string): Leg {
  return editDocuments(leg, (json) => {
    for (const holder of [json, json.response, json.message]) {
      if (holder?.model) holder.model = model
      if (holder?.modelVersion) holder.modelVersion = model
    }
  })
}

/** The size that it is not. */
function otherSize(model: string): string {
  return /mini|nano|haiku|flash|lite|small|8b/i.test(model) ? 'zenith-9-ultra' : 'zenith-9-nano'
}

export const cases: DetectorCases = {
  mutations: [
    {
      name: 'another model answered',
      apply: (clean) =>
        namesModel(clean)
          ? edited(clean, (x) => x.bothAnswers((leg) => answeredBy(leg, otherSize(x.attempt.model ?? ''))))
          : null,
      expects: { fault: 'backend' },
    },
    {
      name: 'a smaller sibling answered',
      apply: (clean) => {
        const { attempt, btp } = lastOf(clean)
        if (!namesModel(clean) || /tiny/.test(attempt.model ?? '')) return null
        const told = readingOf(lastOf(clean), btp).answer?.model ?? ''
        return edited(clean, (x) => x.bothAnswers((leg) => answeredBy(leg, `${told}-tiny`)))
      },
      expects: { fault: 'backend' },
    },
    {
      name: 'the proxy asked for another model than it says',
      apply: (clean) => {
        const { protocol } = lastOf(clean)
        if (!namesModel(clean)) return null
        return edited(clean, (x) => {
          if (protocol === 'gemini') {
            const swap = (url: string | null) => url?.replace(/models\/[^:]+/, 'models/zenith-9') ?? null
            x.ptb.url = swap(x.ptb.url)
          } else x.ptb.editJson((json) => Object.assign(json, { model: 'zenith-9' }))
        })
      },
      expects: { fault: 'proxy', severity: 'error' },
    },
  ],
  nearMisses: [
    {
      name: 'the dated name of the same model',
      apply: (clean) => {
        const { model } = lastOf(clean).attempt
        return namesModel(clean) && !/\d{4}|latest|preview/.test(model ?? '')
          ? edited(clean, (x) => x.bothAnswers((leg) => answeredBy(leg, `${model}-2025-08-07`)))
          : null
      },
    },
    {
      name: "the same model with its vendor's name in front",
      apply: (clean) => {
        const { model } = lastOf(clean).attempt
        return namesModel(clean) && !model?.includes('/')
          ? edited(clean, (x) => x.bothAnswers((leg) => answeredBy(leg, `vendor/${model}`)))
          : null
      },
    },
    {
      name: 'a declared route to another model',
      apply: (clean) =>
        namesModel(clean) && lastOf(clean).protocol !== 'gemini'
          ? edited(clean, (x) => {
              x.request.editJson((json) => Object.assign(json, { model: 'my-alias' }))
              x.requestedModel = 'my-alias'
              if (x.closed) x.closed.requested_model = 'my-alias'
            })
          : null,
    },
    {
      name: 'the first attempt was for another model',
      apply: (clean) =>
        namesModel(clean) && lastOf(clean).protocol !== 'gemini'
          ? edited(clean, (x) => {
              addRefusal(x, { model: 'zenith-9' })
              x.attempts[0]?.ptb?.editJson((json) => Object.assign(json, { model: 'zenith-9' }))
            })
          : null,
    },
  ],
}
