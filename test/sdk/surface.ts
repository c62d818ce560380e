import type { Script } from '../support/fake-provider.ts'

/** Told of each stream event as the SDK hands it out. */
export type Note = (event: unknown) => void

export interface Asked {
  prompt?: string
  signal?: AbortSignal
}

/** What a program does with one SDK. Each resolves with all that the SDK gave it, `_request_id` included. */
export interface SdkCalls {
  whole(asked?: Asked): Promise<unknown>
  stream(note: Note, asked?: Asked): Promise<unknown>
  /** The SDK's own helper over a stream: its events, then what it gathered. */
  helper(note: Note, asked?: Asked): Promise<unknown>
  /** Asks, is told to call a tool, sends the tool's result, and gets the answer. */
  toolRoundTrip(asked?: Asked): Promise<unknown>
  toolRoundTripStreamed(note: Note, asked?: Asked): Promise<unknown>
}

/** One of a provider's APIs as its official SDK speaks it, and the fake provider's answers for it. */
export interface Surface {
  name: string
  /** The origin of the provider, which the fake takes the place of. */
  host: string
  /** The backend by which the proxy reaches it. */
  backend: string
  /** The header in which the SDK sends the key. */
  keyHeader: string
  connect(origin: string, fetch: typeof globalThis.fetch): SdkCalls
  answers: {
    body: Record<string, unknown>
    whole: Script
    stream: Script
    toolCall: Script
    toolCallStream: Script
    /** Content, then silence: it never ends. */
    unfinished: Script
    error(status: number): Script
  }
  errorStatuses: readonly number[]
  brokenStreams: readonly BrokenStream[]
}

/** A stream with content, then an error event of the provider, then the end. */
export interface BrokenStream {
  what: string
  /** In the error. */
  message: string
  script: Script
}

export const greeting = 'Say hello.'
export const weatherQuestion = 'What is the weather in Zürich?'
export const weatherCall = { id: 'call_abc1', name: 'get_weather', arguments: { city: 'Zürich' } }
export const weatherResult = '21 °C, cloudless'
export const weatherSchema = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
}

/** Text whose characters take one to four bytes. */
export const textPieces = ['Hello', ', Zürich', ' – grüezi ', '👋🏽', '!']
/** In the first piece of content, to know it by. */
export const firstWord = 'Hello'
export const answerText = textPieces.join('')

/** Where an SDK keeps the request id of a parsed object: not enumerable, so that equality would overlook it. */
export function requestIdOf(parsed: object): { _request_id: unknown } {
  return { _request_id: Reflect.get(parsed, '_request_id') }
}
