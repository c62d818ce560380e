import { type CaptureDraft, edited, type LegDraft, lastOf } from '../../../support/a-capture.ts'
import type { Block } from '../../../support/capture/blocks.ts'
import { answerOf, isSse } from '../fitting.ts'
import type { DetectorCases } from './case.ts'

/** Half of the stream, then all of another answer with an id of its own. */
function seam(leg: LegDraft): LegDraft {
  return leg.editBlocks((blocks) => {
    const half = firstHalf(blocks)
    const other = blocks.map((block) => ({
      ...block,
      data: block.data.replace(/"(id|responseId)":\s*"([^"]+)"/g, '"$1":"other-$2"'),
    }))
    blocks.splice(0, blocks.length, ...half, ...other)
  })
}

/** At least one content block and nothing of the end. */
function firstHalf(blocks: readonly Block[]): Block[] {
  return blocks.slice(0, Math.floor(blocks.length / 2)).filter(({ data }) => !isLast(data))
}

function isLast(data: string): boolean {
  return /"finish_?reason":\s*"|"type":\s*"(?:message_delta|message_stop|response\.(?:completed|incomplete|failed))"|\[DONE\]|"blockReason"/i.test(
    data,
  )
}

/** It names itself, begins once, and has a middle. */
function fits(capture: CaptureDraft): boolean {
  if (!isSse(capture)) return false
  const { answer, raw } = answerOf(capture)
  const { protocol } = lastOf(capture)
  if (
    !answer?.id ||
    raw.length < 6 ||
    raw.slice(0, Math.ceil(raw.length / 2)).some(({ data }) => isLast(data))
  )
    return false
  const ids = new Set(raw.flatMap(({ json }) => idOf(json) ?? []))
  const roles = raw.filter(({ data }) => /"role":\s*"assistant"/.test(data)).length
  return ids.size === 1 && (protocol !== 'openai-chat' || (roles === 1 && /"role"/.test(raw[0]?.data ?? '')))
}

// biome-ignore lint/suspicious/noExplicitAny: JSON of any protocol.
function idOf(json: any): string | undefined {
  return json?.message?.id ?? json?.response?.id ?? json?.responseId ?? json?.id
}

export const cases: DetectorCases = {
  mutations: [
    {
      name: 'the client gets half of one answer and all of another',
      apply: (clean) => (fits(clean) ? edited(clean, (x) => seam(x.answer)) : null),
      expects: { fault: 'proxy', severity: 'error' },
    },
    {
      name: 'the backend itself puts two together',
      apply: (clean) => (fits(clean) ? edited(clean, (x) => x.bothAnswers(seam)) : null),
      expects: { fault: 'backend', severity: 'error' },
    },
    {
      name: 'indices or sequence numbers begin anew in the middle',
      apply: (clean) => {
        const { protocol } = lastOf(clean)
        if (!fits(clean) || (protocol !== 'anthropic-messages' && protocol !== 'openai-responses'))
          return null
        if (protocol === 'openai-responses' && !/"sequence_number":\s*1\b/.test(answerOf(clean).text))
          return null
        const spoilt = edited(clean, (x) =>
          x.answer.editBlocks((blocks) => {
            const half = firstHalf(blocks)
            const rest = blocks.filter(
              ({ data }) => !/"type":\s*"(?:message_start|response\.created)"/.test(data),
            )
            blocks.splice(0, blocks.length, ...half, ...rest)
          }),
        )
        // Nothing was begun in the first half that could begin anew.
        const half = answerOf(clean).raw.slice(0, Math.floor(answerOf(clean).raw.length / 2))
        return protocol === 'openai-responses' || half.some(({ data }) => /"content_block_start"/.test(data))
          ? spoilt
          : null
      },
      expects: { fault: 'proxy', severity: 'error' },
    },
  ],
  nearMisses: [
    {
      name: 'the role in every chunk',
      apply: (clean) =>
        isSse(clean) && lastOf(clean).protocol === 'openai-chat'
          ? edited(clean, (x) =>
              x.bothAnswers((leg) =>
                leg.editEvents((json) => {
                  for (const choice of json.choices ?? []) if (choice.delta) choice.delta.role = 'assistant'
                }),
              ),
            )
          : null,
    },
    {
      name: 'two choices, each with its role',
      apply: (clean) =>
        isSse(clean) && lastOf(clean).protocol === 'openai-chat'
          ? edited(clean, (x) =>
              x.bothAnswers((leg) =>
                leg.editBlocks((blocks) => {
                  const second = blocks
                    .filter(({ data }) => /"index":\s*0/.test(data))
                    .map((block) => ({ ...block, data: block.data.replace(/"index":\s*0/g, '"index":1') }))
                  blocks.splice(
                    0,
                    blocks.length,
                    ...blocks.flatMap((block, i) => [block, ...(second[i] ? [second[i]] : [])]),
                  )
                }),
              ),
            )
          : null,
    },
    {
      name: 'an id of its own in every chunk',
      apply: (clean) =>
        isSse(clean) && lastOf(clean).protocol === 'openai-chat'
          ? edited(clean, (x) =>
              x.bothAnswers((leg) =>
                leg.editEvents((json, index) => {
                  if (json.id) json.id = `chatcmpl-${index}`
                }),
              ),
            )
          : null,
    },
    {
      name: 'another message behind the end of the first',
      apply: (clean) =>
        fits(clean)
          ? edited(clean, (x) =>
              x.bothAnswers((leg) =>
                leg.editBlocks((blocks) => {
                  const other = blocks.map((block) => ({
                    ...block,
                    data: block.data.replace(/"id":\s*"([^"]+)"/g, '"id":"other-$1"'),
                  }))
                  const whole = blocks.filter(({ data }) => data !== '[DONE]')
                  blocks.splice(0, blocks.length, ...whole, ...other)
                }),
              ),
            )
          : null,
    },
  ],
}
