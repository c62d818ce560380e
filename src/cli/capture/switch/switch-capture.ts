import { text } from 'node:stream/consumers'
import { isObject } from '../../../core/json.ts'
import { printable } from '../../../core/printable.ts'
import { type ApiClient, ProxyAway } from '../../api-client.ts'
import { exitCodes } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'

export type CaptureMode = 'off' | 'recent' | 'all'

/** `POST /internal/capture`. */
interface SwitchAnswer {
  mode: CaptureMode
  file?: string | null
  last_error?: string | null
}

/** `POST /internal/capture/save`. */
interface SaveAnswer {
  file: string
  exchanges: number
}

/** Switches a running proxy; gives its answer, and what to say of it. */
export async function switchCapture(
  client: ApiClient,
  mode: CaptureMode,
): Promise<{ answer: SwitchAnswer; lines: string[] }> {
  const answer = await posted(client, '/internal/capture', { mode })
  if (!isSwitchAnswer(answer, mode)) throw noProxy(client)
  const { file, last_error: error } = answer
  const trouble = error ? [`but: ${printable(error, 500)}`] : []
  return { answer, lines: [modeLine(mode, client.url, file ?? null), ...trouble] }
}

function modeLine(mode: CaptureMode, url: string, file: string | null): string {
  switch (mode) {
    case 'all':
      return `the proxy at ${url} records everything${file === null ? '; its file begins with the next exchange' : ` into ${printable(file, 300)}`}`
    case 'recent':
      return `the proxy at ${url} keeps the last exchanges in memory; llmproxy capture save writes them to disk`
    case 'off':
      return `the proxy at ${url} records nothing`
  }
}

/** Saves what mode `recent` keeps: all of it, or one exchange with its session's last three. */
export async function saveCapture(
  client: ApiClient,
  exchange: string | null,
): Promise<{ answer: SaveAnswer; line: string }> {
  const answer = await posted(client, '/internal/capture/save', exchange === null ? {} : { exchange })
  if (!isSaveAnswer(answer)) throw noProxy(client)
  const { file, exchanges } = answer
  const words = exchanges === 1 ? '1 exchange' : `${exchanges} exchanges`
  const shown = printable(file, 300)
  if (exchanges > 0) return { answer, line: `saved ${words} to ${shown}` }
  const line =
    exchange === null
      ? `saved already, in ${shown}`
      : `nothing of ${printable(exchange, 100)} is left to save: what was recorded of it is in ${shown}`
  return { answer, line }
}

function isSwitchAnswer(answer: unknown, mode: CaptureMode): answer is SwitchAnswer {
  if (!isObject(answer) || answer.mode !== mode) return false
  return isTextOrNull(answer.file) && isTextOrNull(answer.last_error)
}

function isTextOrNull(value: unknown): boolean {
  return typeof (value ?? '') === 'string'
}

function isSaveAnswer(answer: unknown): answer is SaveAnswer {
  return isObject(answer) && typeof answer.file === 'string' && typeof answer.exchanges === 'number'
}

async function posted(client: ApiClient, path: string, json: object): Promise<unknown> {
  const body = await text(await client.post(path, json)).catch((error: unknown) => {
    throw new ProxyAway(client.url, error)
  })
  try {
    return JSON.parse(body)
  } catch (cause) {
    throw noProxy(client, cause)
  }
}

function noProxy({ url }: ApiClient, cause?: unknown): Failure {
  return new Failure(`what answers at ${url} is no llmproxy`, exitCodes.notDone, [], cause)
}
