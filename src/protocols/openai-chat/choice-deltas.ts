import type { Event } from '../../core/event.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Lost } from '../../core/losses.ts'
import type { AnswerAbout } from '../../core/protocol.ts'
import { stateForClient } from '../translation/reasoning-state.ts'
import { chatIds, idForClient, inventedId } from '../translation/tool-call-ids.ts'
import { annotation, encodeLogprobs, reasoningDetail, signatureHolder } from './answer-fields.ts'

interface Said {
  delta: JsonObject
  logprobs: JsonObject | null
}

interface OpenCall {
  /** Counts the tool calls of this choice. */
  index: number
  custom: boolean
}

/** The deltas of one choice, as the events of the answer come. */
export class ChoiceDeltas {
  readonly #about: AnswerAbout
  readonly #lost: Lost<'answer', 'openai-chat'>
  readonly #calls = new Map<number, OpenCall>()
  #begun = false
  #reasoned = false
  #states = 0
  #textLength = 0
  #latest: OpenCall | undefined

  constructor(about: AnswerAbout, lost: Lost<'answer', 'openai-chat'>) {
    this.#about = about
    this.#lost = lost
  }

  get toolCalled(): boolean {
    return this.#calls.size > 0
  }

  /** The role, before anything else and once. */
  begin(): JsonObject[] {
    if (this.#begun) return []
    this.#begun = true
    return [{ role: 'assistant', content: '', refusal: null }]
  }

  of(event: Event): Said[] {
    switch (event.type) {
      case 'text':
        this.#textLength += event.text.length
        return plain({ content: event.text })
      case 'reasoning':
        this.#reasoned = true
        return plain({ reasoning_content: event.text })
      case 'refusal':
        return plain({ refusal: event.text })
      case 'boundary':
        return event.of === 'reasoning' && this.#reasoned ? plain({ reasoning_content: '\n\n' }) : []
      case 'tool_call':
        return this.#call(event)
      case 'state':
        return this.#state(event)
      case 'citation': {
        const made = annotation(event.citation, this.#textLength)
        if (made === undefined) this.#lost.lose('answer_citation')
        return made === undefined ? [] : plain({ annotations: [made] })
      }
      case 'logprobs':
        return [{ delta: {}, logprobs: encodeLogprobs(event.tokens) }]
      case 'media':
        return this.#media(event)
      case 'server_tool':
        if (event.text === '') return []
        this.#lost.lose('answer_server_tool')
        this.#textLength += event.text.length
        return plain({ content: event.text })
      default:
        return []
    }
  }

  #call(event: Extract<Event, { type: 'tool_call' }>): Said[] {
    const known = this.#calls.get(event.index)
    if (known !== undefined) {
      if (event.arguments === '') return []
      return this.#calling(
        known,
        known.custom ? { custom: { input: event.arguments } } : { function: { arguments: event.arguments } },
      )
    }
    const call = { index: this.#calls.size, custom: event.custom === true }
    this.#calls.set(event.index, call)
    this.#latest = call
    const id = event.id ? idForClient(event.id, chatIds) : inventedId(this.#about.exchangeId, event.index)
    const name = event.name ?? ''
    return this.#calling(call, {
      id,
      ...(call.custom
        ? { type: 'custom', custom: { name, input: event.arguments } }
        : { type: 'function', function: { name, arguments: event.arguments } }),
    })
  }

  #calling({ index }: OpenCall, members: JsonObject): Said[] {
    return plain({ tool_calls: [{ index, ...members }] })
  }

  #state({ state, on }: Extract<Event, { type: 'state' }>): Said[] {
    const data = stateForClient(state, this.#about.source, 'openai-chat')
    if (on === 'tool_call' && this.#latest) return this.#calling(this.#latest, signatureHolder(data))
    if (on === 'text') return plain(signatureHolder(data))
    return plain({ reasoning_details: [reasoningDetail(data, this.#states++)] })
  }

  #media({ mediaType, data, transcript }: Extract<Event, { type: 'media' }>): Said[] {
    if (mediaType.startsWith('audio/')) {
      return plain({ audio: { data, ...(transcript !== undefined && { transcript }) } })
    }
    return plain({ images: [{ type: 'image_url', image_url: { url: `data:${mediaType};base64,${data}` } }] })
  }
}

function plain(delta: JsonObject): Said[] {
  return [{ delta, logprobs: null }]
}
