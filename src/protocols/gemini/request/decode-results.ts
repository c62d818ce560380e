import type { ToolResultPart, UserPart } from '../../../core/call.ts'
import { isObject, type Json, type JsonObject } from '../../../core/json.ts'
import { filled } from '../../substance.ts'
import { idFromClient } from '../../translation/tool-call-ids.ts'
import { decodeInline } from './decode-media.ts'
import { either } from './spelling.ts'

/** The calls of the conversation so far that no result has answered. */
export class OpenCalls {
  readonly #open: { id: string; name: string }[] = []
  #count = 0

  /** The id of a call: its own, or one made of its place, so that its result can name it. */
  add(name: string, id: string | undefined): string {
    const known = id === undefined ? `call_${name}_${this.#count}` : idFromClient(id)
    this.#count++
    this.#open.push({ id: known, name })
    return known
  }

  /** The id that a result answers: by its id, else the first open call of its name. */
  take(name: string, id: string | undefined): string {
    const wanted = id === undefined ? undefined : idFromClient(id)
    const at = this.#open.findIndex((call) =>
      wanted === undefined ? call.name === name : call.id === wanted,
    )
    const [found] = at < 0 ? [] : this.#open.splice(at, 1)
    return found?.id ?? wanted ?? ''
  }
}

export function decodeResult(response: JsonObject, param: string, calls: OpenCalls): ToolResultPart {
  const name = filled(response.name) ?? ''
  const said = response.response
  const error = isObject(said) && Object.keys(said).length === 1 ? said.error : undefined
  const media = either(response, 'parts')
  return {
    type: 'tool_result',
    callId: calls.take(name, filled(response.id)),
    name,
    content: [
      { type: 'text', text: textOf(error ?? unwrapped(said)) },
      ...(Array.isArray(media) ? media : []).flatMap((part, index) =>
        picture(part, `${param}.parts[${index}]`),
      ),
    ],
    isError: error !== undefined && error !== null,
  }
}

/** A sole `result` or `output` is how SDKs wrap what is no object. */
function unwrapped(said: Json | undefined): Json {
  if (!isObject(said)) return said ?? {}
  const keys = Object.keys(said)
  const [only] = keys
  const value = keys.length === 1 && (only === 'result' || only === 'output') ? said[only] : undefined
  return value === undefined ? said : value
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function picture(part: Json, param: string): ToolResultPart['content'] {
  const inline = isObject(part) ? either(part, 'inlineData') : undefined
  if (!isObject(inline)) return []
  const made: UserPart = decodeInline(inline, param)
  return made.type === 'image' || made.type === 'document' ? [made] : []
}
