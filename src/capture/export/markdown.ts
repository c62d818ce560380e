import type { Message } from '../../core/call.ts'
import { readAnswer } from '../view/read-answer.ts'
import { readRequest } from '../view/read-request.ts'
import type { ExchangeView } from '../view/view.ts'
import { Conversations } from './conversations.ts'
import type { Exporter, ExportSettings } from './exporter.ts'
import { codeSpan, fenced } from './fences.ts'
import { answerParts, messageParts } from './markdown-parts.ts'
import { type OneSide, sidesOf } from './sides.ts'

/**
 * The conversation for people to read: who said what, which tools were called and what they gave. What a session's earlier
 * exchange has shown already is not shown again. Whatever was said stands in fences, so that it cannot pass for ours.
 */
export function markdownExporter({ side }: ExportSettings): Exporter {
  const conversations = new Conversations()
  return {
    begin: () => '',
    exchange: (exchange) =>
      sidesOf(exchange, side ?? 'client')
        .map((one) => sectionOf(exchange, one, conversations))
        .join(''),
    end: () => '',
  }
}

function sectionOf(exchange: ExchangeView, one: OneSide, conversations: Conversations): string {
  const { request, answer, protocol, attempt } = one
  const call = readRequest(request, protocol).call
  const reading = answer && readAnswer(answer, protocol, exchange.stream)
  const key = `${exchange.session ?? exchange.id} ${attempt?.backend ?? ''}`
  const messages = call ? conversations.fresh(key, call.messages, reading?.answer ?? null) : null
  const blocks = [
    headingOf(exchange, one, call?.model ?? exchange.requestedModel),
    ...(messages ? requestBlocks(messages) : [`### Request\n\n${fenced(request.body(), 'json')}`]),
    ...answerBlocks(reading, answer?.body() ?? null),
    ...(exchange.closed || answer?.end ? [] : ['*It had not ended when the capture did.*']),
  ]
  return `${blocks.join('\n\n')}\n\n`
}

function headingOf(exchange: ExchangeView, { attempt }: OneSide, model: string | null): string {
  const turn = exchange.turn === null ? 'Exchange' : `Turn ${exchange.turn}`
  const facts = [
    new Date(exchange.openedAtNs / 1e6).toISOString(),
    ...(model === null ? [] : [codeSpan(model)]),
    ...(attempt ? [`attempt ${attempt.number} at ${codeSpan(attempt.backend || 'an unknown backend')}`] : []),
    ...(exchange.session === null ? [] : [`session ${codeSpan(exchange.session)}`]),
  ]
  return `## ${turn}: ${codeSpan(exchange.id)}\n\n${facts.join(', ')}`
}

function requestBlocks({ shown, alike }: { shown: readonly Message[]; alike: number }): string[] {
  const before = alike > 0 ? [`*${alike} ${alike === 1 ? 'message' : 'messages'} as before*`] : []
  return [...before, ...shown.flatMap((message) => messageParts(message))]
}

function answerBlocks(reading: ReturnType<typeof readAnswer> | null, body: Uint8Array | null): string[] {
  if (!reading || body === null) return ['*No answer was recorded.*']
  const { answer, error } = reading
  if (error) {
    const kind = [error.status, error.type, error.code].filter((word) => word !== null).join(' ')
    return [`### Error${kind === '' ? '' : ` ${codeSpan(kind)}`}\n\n${fenced(error.message)}`]
  }
  if (!answer) return body.length === 0 ? ['*An answer without a body.*'] : [`### Answer\n\n${fenced(body)}`]
  return answerParts(answer)
}
