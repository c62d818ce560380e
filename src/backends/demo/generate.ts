import type { ServerResponse } from 'node:http'
import type { Clock } from '../../core/clock.ts'
import { ProxyError } from '../../core/errors.ts'
import { type Json, type JsonObject, numberAt, objectAt, stringAt } from '../../core/json.ts'
import type { DemoAnswer } from './answers/answer.ts'
import { anthropicStream, anthropicWhole } from './answers/anthropic.ts'
import { chatStream, chatWhole } from './answers/chat.ts'
import { geminiStream, geminiWhole } from './answers/gemini.ts'
import { responsesStream, responsesWhole } from './answers/responses.ts'
import { think } from './mind.ts'
import { checkModel } from './model-list.ts'
import { type Beat, play } from './pacing.ts'
import { jsonOf, promptOf } from './reading.ts'
import type { Route } from './routes.ts'
import { beginStream, sendJson } from './sending.ts'

type GenerateRoute = Extract<Route, { kind: 'generate' }>

/** Answers a request for a model's answer, at once or as a stream at a model's pace. */
export function generate(route: GenerateRoute, bytes: Buffer, response: ServerResponse, clock: Clock): void {
  const body = jsonOf(bytes)
  const model = checkModel(route.protocol === 'gemini' ? route.model : stringAt(body, 'model'))
  if (route.protocol === 'anthropic-messages' && numberAt(body, 'max_tokens') === undefined) {
    throw new ProxyError('bad_request', 'max_tokens: Field required', { param: 'max_tokens' })
  }
  const reply = think(promptOf(body, route.protocol), bytes)
  const answer = { reply, model, createdAtMs: clock.nowMs() }
  const beats = streamBeats(route, body, answer)
  if (beats === null) {
    sendJson(response, 200, wholeAnswer(route, body, answer), route.protocol)
    return
  }
  const array = route.protocol === 'gemini' && route.stream === 'json-array'
  beginStream(response, array ? 'json-array' : 'sse', route.protocol)
  play(beats, response, clock)
}

/** Null when the request asks for a whole answer. */
function streamBeats(route: GenerateRoute, body: JsonObject, answer: DemoAnswer): Beat[] | null {
  if (route.protocol === 'gemini') return route.stream === null ? null : geminiStream(answer, route.stream)
  if (body.stream !== true) return null
  switch (route.protocol) {
    case 'openai-chat':
      return chatStream(answer, objectAt(body, 'stream_options')?.include_usage === true)
    case 'openai-responses':
      return responsesStream(answer, body)
    case 'anthropic-messages':
      return anthropicStream(answer)
  }
}

function wholeAnswer(route: GenerateRoute, body: JsonObject, answer: DemoAnswer): Json {
  switch (route.protocol) {
    case 'openai-chat':
      return chatWhole(answer)
    case 'openai-responses':
      return responsesWhole(answer, body)
    case 'anthropic-messages':
      return anthropicWhole(answer)
    case 'gemini':
      return geminiWhole(answer)
  }
}
