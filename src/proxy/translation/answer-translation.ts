import type { Event } from '../../core/event.ts'
import type { JsonObject } from '../../core/json.ts'
import type { LostItem } from '../../core/losses.ts'
import type { AnswerAbout, AnswerEdits, Protocol, StreamEncoder } from '../../core/protocol.ts'
import { AnswerEditor } from '../../protocols/translation/edit-answer.ts'
import { foldEvents } from '../../protocols/translation/fold-events.ts'

export interface AnswerTranslationParts {
  /** Whose answer it is. */
  backend: Protocol
  client: Protocol
  about: AnswerAbout
  edits: AnswerEdits
  /** The client asked for a stream. */
  streams: boolean
  /** Told of what the client's protocol has no place for. */
  onLost: (lost: readonly LostItem[]) => void
  /** Told of the whole answer as a client of OpenAI's Responses can ask for it again. */
  onAnswer: ((response: JsonObject) => void) | null
}

/** Of the client's stream, in UTF-16 units: a longer answer is not kept. */
const longestKept = 32 << 20

/** How one answer of a backend becomes the client's, in the client's protocol. */
export class AnswerTranslation {
  readonly parts: AnswerTranslationParts

  constructor(parts: AnswerTranslationParts) {
    this.parts = parts
  }

  /** A whole answer. */
  whole(events: readonly Event[]): Buffer {
    const { client, about, edits, onLost, onAnswer } = this.parts
    const answer = foldEvents(new AnswerEditor(edits).push(events), about.source.model)
    const { body, lost } = client.encodeAnswer(answer, about)
    onLost(lost)
    onAnswer?.(body)
    return Buffer.from(JSON.stringify(body))
  }

  /** All of a stream at once, for a backend that answered whole though a stream was asked for. */
  wholeStream(events: readonly Event[]): Buffer {
    const words = this.words()
    return Buffer.from(words.push(events) + words.end())
  }

  words(): StreamWords {
    return new StreamWords(this.parts)
  }
}

/** The client's stream, as the backend's events come. */
export class StreamWords {
  private readonly parts: AnswerTranslationParts
  private readonly editor: AnswerEditor
  readonly encoder: StreamEncoder
  /** Only where somebody may ask for the whole answer, and only as long as it is of a usual size. */
  private kept: Event[] | null
  private keptLength = 0

  constructor(parts: AnswerTranslationParts) {
    this.parts = parts
    this.editor = new AnswerEditor(parts.edits)
    this.encoder = parts.client.streamEncoder(parts.about)
    this.kept = parts.onAnswer ? [] : null
  }

  push(events: readonly Event[]): string {
    const edited = this.editor.push(events.filter((event) => event.type !== 'error'))
    if (edited.length === 0) return ''
    const said = this.encoder.push(edited)
    this.keep(edited, said.length)
    return said
  }

  end(): string {
    const last = this.encoder.end()
    const { client, about, onLost, onAnswer } = this.parts
    onLost(this.encoder.lost)
    if (this.kept) onAnswer?.(client.encodeAnswer(foldEvents(this.kept, about.source.model), about).body)
    return last
  }

  private keep(events: readonly Event[], length: number): void {
    this.keptLength += length
    if (this.keptLength > longestKept) this.kept = null
    this.kept?.push(...events)
  }
}
