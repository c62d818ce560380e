import type { Event } from '../../../core/event.ts'
import type { JsonObject } from '../../../core/json.ts'
import type { AnswerAbout } from '../../../core/protocol.ts'
import { stateForClient } from '../../translation/reasoning-state.ts'
import { signatureHolder } from '../signature-holder.ts'
import { annotations, audioId, type ChatAnswerLost, encodeLogprobs, imageOf } from './answer-fields.ts'
import { CallDeltas } from './call-deltas.ts'
import { Thoughts } from './thoughts.ts'

export interface Said {
  delta: JsonObject
  logprobs: JsonObject | null
}

/** What a chain of thought does not go on behind. */
const endsThought: ReadonlySet<Event['type']> = new Set<Event['type']>([
  ...(['text', 'refusal', 'tool_call', 'media', 'server_tool'] as const),
])

/** The deltas of one choice, as the events of the answer come. */
export class ChoiceDeltas {
  readonly #about: AnswerAbout
  readonly #lost: ChatAnswerLost
  readonly #calls: CallDeltas
  readonly #thoughts: Thoughts
  #begun = false
  #textLength = 0

  constructor(about: AnswerAbout, lost: ChatAnswerLost) {
    this.#about = about
    this.#lost = lost
    this.#calls = new CallDeltas(about)
    this.#thoughts = new Thoughts(about)
  }

  get toolCalled(): boolean {
    return this.#calls.called
  }

  /** What an event adds: the role before anything else, and once. */
  of(event: Event): Said[] {
    const said = this.#say(event)
    return said.length === 0 ? said : [...this.#begin(), ...said]
  }

  /** What is left to say before the finish reason. */
  end(): Said[] {
    return [...this.#begin(), ...calling(this.#calls.end())]
  }

  #begin(): Said[] {
    if (this.#begun) return []
    this.#begun = true
    return plain({ role: 'assistant', content: '', refusal: null })
  }

  #say(event: Event): Said[] {
    if (endsThought.has(event.type)) this.#thoughts.close()
    switch (event.type) {
      case 'text':
        return this.#text(event.text)
      case 'reasoning': {
        const words = this.#thoughts.say(event.text)
        return words === '' ? [] : plain({ reasoning_content: words })
      }
      case 'refusal':
        return plain({ refusal: event.text })
      case 'boundary':
        if (event.of === 'reasoning') this.#thoughts.close()
        return []
      case 'tool_call':
        return calling(this.#calls.of(event))
      case 'state':
        return this.#state(event)
      case 'citation': {
        const made = annotations([event.citation], this.#textLength, this.#lost)
        return made.length === 0 ? [] : plain({ annotations: made })
      }
      case 'logprobs':
        return [{ delta: {}, logprobs: encodeLogprobs(event.tokens) }]
      case 'media':
        return this.#media(event)
      case 'server_tool':
        if (event.text !== '') this.#lost.lose('answer_server_tool')
        return this.#text(event.text)
      default:
        return []
    }
  }

  #text(text: string): Said[] {
    this.#textLength += text.length
    return text === '' ? [] : plain({ content: text })
  }

  #state({ state, on }: Extract<Event, { type: 'state' }>): Said[] {
    if (on === 'reasoning' || on === null) {
      return plain({ reasoning_details: [this.#thoughts.detail(state, on === null)] })
    }
    const data = stateForClient(state, this.#about.source, 'openai-chat')
    return on === 'tool_call' ? calling(this.#calls.sign(data)) : plain(signatureHolder(data))
  }

  #media(event: Extract<Event, { type: 'media' }>): Said[] {
    const { mediaType, data, transcript } = event
    if (!mediaType.startsWith('audio/')) return plain({ images: [imageOf(event)] })
    const spoken = transcript === undefined ? {} : { transcript }
    return plain({ audio: { id: audioId(this.#about), data, ...spoken } })
  }
}

function plain(delta: JsonObject): Said[] {
  return [{ delta, logprobs: null }]
}

function calling(calls: readonly JsonObject[]): Said[] {
  return calls.flatMap((call) => plain({ tool_calls: [call] }))
}
