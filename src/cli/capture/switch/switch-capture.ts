import { text } from 'node:stream/consumers'
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

/** Switches a running proxy; gives its answer, and what to say of it. */
export async function switchCapture(
  client: ApiClient,
  mode: CaptureMode,
): Promise<{ answer: SwitchAnswer; lines: string[] }> {
  const answer = (await posted(client, '/internal/capture', { mode })) as SwitchAnswer
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
): Promise<{ answer: { file: string; exchanges: number }; line: string }> {
  const answer = (await posted(client, '/internal/capture/save', exchange === null ? {} : { exchange })) as {
    file: string
    exchanges: number
  }
  const { file, exchanges } = answer
  const words = exchanges === 1 ? '1 exchange' : `${exchanges} exchanges`
  const shown = printable(file, 300)
  return { answer, line: exchanges === 0 ? `saved already, in ${shown}` : `saved ${words} to ${shown}` }
}

async function posted(client: ApiClient, path: string, json: object): Promise<unknown> {
  const body = await text(await client.post(path, json)).catch((error: unknown) => {
    throw new ProxyAway(client.url, error)
  })
  try {
    return JSON.parse(body)
  } catch (cause) {
    throw new Failure(`what answers at ${client.url} is no llmproxy`, exitCodes.notDone, [], cause)
  }
}
