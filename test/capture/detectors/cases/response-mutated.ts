import type { ProtocolName } from '../../../../src/core/protocol-name.ts'
import { type CaptureDraft, edited, lastOf, readingOf } from '../../../support/a-capture.ts'
import {
  callsTool,
  editDocuments,
  isAnswered,
  isStopped,
  textOf,
  writeArguments,
} from '../../../support/capture/answer-edits.ts'
import { hasConversation } from '../../../support/capture/tool-turns.ts'
import { translated } from '../../../support/capture/translated.ts'
import type { DetectorCases } from './case.ts'

type Draft = Parameters<typeof translated>[0]

/** Long enough to lose a word. */
function hasWords(capture: CaptureDraft): boolean {
  return isAnswered(capture, (answer) => isStopped(answer) && /[a-z]{4}/.test(textOf(answer)))
}

/** The client's answer with other words; null where nothing was changed. */
function otherWords(clean: CaptureDraft, from: RegExp, to: string, isOnce = false): CaptureDraft | null {
  if (!hasWords(clean)) return null
  const changed = edited(clean, (x) => changeText(x, from, to, isOnce))
  const x = lastOf(changed)
  const before = readingOf(x, x.btp).answer
  const after = readingOf(x, x.answer).answer
  return before && after && textOf(before) !== textOf(after) ? changed : null
}

/** Every text of the answer in its place. */
function changeText(x: Draft, from: RegExp, to: string, isOnce = false): void {
  let isDone = false
  const write = (holder: Record<string, unknown> | undefined, key: string) => {
    const text = holder?.[key]
    if (!holder || typeof text !== 'string' || (isDone && isOnce)) return
    holder[key] = text.replace(from, to)
    isDone ||= holder[key] !== text
  }
  editDocuments(x.answer, (json) => {
    for (const { message, delta } of json.choices ?? [])
      for (const said of [message, delta]) write(said, 'content')
    for (const { content } of json.candidates ?? [])
      for (const part of content?.parts ?? []) if (!part.thought) write(part, 'text')
    if (json.delta?.type === 'text_delta') write(json.delta, 'text')
    for (const part of json.content ?? []) if (part.type === 'text') write(part, 'text')
    if (json.type === 'response.output_text.delta') write(json, 'delta')
    if (json.type === 'response.output_text.done') write(json, 'text')
    const items = [...(json.output ?? []), ...(json.response?.output ?? []), json.item]
    for (const item of items) for (const part of item?.content ?? []) write(part, 'text')
    write(json.part, 'text')
  })
}

const other: Record<ProtocolName, ProtocolName> = {
  'openai-chat': 'anthropic-messages',
  'openai-responses': 'gemini',
  'anthropic-messages': 'openai-chat',
  gemini: 'openai-chat',
}

function elsewhere(clean: CaptureDraft, edit: (x: Draft) => unknown = () => {}): CaptureDraft | null {
  if (!hasConversation(lastOf(clean)) || !hasWords(clean)) return null
  let fits = false
  const done = edited(clean, (x) => {
    fits = x.protocol !== null && translated(x, other[x.protocol]) !== null
    if (fits) edit(x)
  })
  return fits ? done : null
}

export const cases: DetectorCases = {
  mutations: [
    {
      name: 'the proxy lost words',
      apply: (clean) => otherWords(clean, /[a-z]{3,}/g, ''),
      expects: { fault: 'proxy', severity: 'error' },
    },
    {
      name: 'the proxy added words',
      apply: (clean) => otherWords(clean, /([a-z])$/, '$1 (by the proxy)', true),
      expects: { fault: 'proxy', severity: 'warn' },
    },
    {
      name: 'the proxy changed the arguments of a call',
      apply: (clean) => {
        if (!isAnswered(clean, (answer) => isStopped(answer) && callsTool(answer))) return null
        const changed = edited(clean, (x) => writeArguments(x.answer, '{"path": "/etc/passwd"}'))
        return argumentsOf(changed) === '{"path": "/etc/passwd"}' ? changed : null
      },
      expects: { fault: 'proxy' },
    },
    {
      name: 'words were lost in translation',
      apply: (clean) => elsewhere(clean, (x) => changeText(x, /[a-z]{3,}/g, '')),
      expects: { fault: 'proxy', severity: 'error' },
    },
  ],
  nearMisses: [
    {
      name: 'the same events in other chunks and other white space',
      apply: (clean) => (hasWords(clean) ? edited(clean, (x) => editDocuments(x.answer, () => {})) : null),
    },
    { name: 'translated from another protocol', apply: (clean) => elsewhere(clean) },
    {
      name: 'the client left in the middle',
      apply: (clean) =>
        hasWords(clean) && lastOf(clean).stream
          ? edited(clean, (x) =>
              x.answer.keepBytes(Math.floor(x.answer.body.length / 2)).endAs('abort_client'),
            )
          : null,
    },
    {
      name: 'only the usage was kept from a client that had not asked',
      apply: (clean) =>
        hasWords(clean) && lastOf(clean).stream && lastOf(clean).protocol === 'openai-chat'
          ? edited(clean, (x) =>
              editDocuments(x.answer, (json) => !(json.choices?.length === 0 && json.usage)),
            )
          : null,
    },
  ],
}

function argumentsOf(changed: CaptureDraft): string | null {
  const x = lastOf(changed)
  const parts = readingOf(x, x.answer).answer?.choices.flatMap((choice) => choice.parts) ?? []
  const call = parts.find((part) => part.type === 'tool_call')
  return call?.type === 'tool_call' ? call.arguments : null
}
