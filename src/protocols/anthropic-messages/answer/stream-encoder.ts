import type { ProxyError } from '../../../core/errors.ts'
import type { ChoiceEnd, Event } from '../../../core/event.ts'
import { Lost, type LostItem } from '../../../core/losses.ts'
import type { AnswerAbout, StreamEncoder } from '../../../core/protocol.ts'
import type { ReportedUsage } from '../../../core/usage.ts'
import { encodeMessageStreamError } from '../errors.ts'
import { writeStop } from '../stop-words.ts'
import { messageHead } from './answer-writing.ts'
import { messageEvent } from './block-writer.ts'
import { StreamSections } from './stream-sections.ts'
import { loseUsageDetails, writeUsage } from './write-usage.ts'

/**
 * A streamed message. It begins with the first content, so that what is known of the usage by then is in it; what is
 * known at the end replaces that.
 */
export class MessageStreamEncoder implements StreamEncoder {
  readonly #about: AnswerAbout
  readonly #lost = new Lost<'answer', 'anthropic-messages'>()
  readonly #sections: StreamSections
  #model: string | undefined
  #usage: ReportedUsage | null = null
  #end: ChoiceEnd = { reason: 'stop', raw: '' }
  #started = false
  #over = false

  constructor(about: AnswerAbout) {
    this.#about = about
    this.#sections = new StreamSections(about, this.#lost)
  }

  get lost(): readonly LostItem[] {
    return this.#lost.items
  }

  push(events: readonly Event[]): string {
    if (this.#over) return ''
    return events.map((event) => this.#take(event)).join('')
  }

  end(): string {
    if (this.#over) return ''
    this.#over = true
    const rest = this.#sections.close()
    loseUsageDetails(this.#usage, this.#lost)
    const { stop_reason, stop_sequence, stop_details } = writeStop(this.#end, this.#sections.toolCalled)
    const last = messageEvent('message_delta', {
      delta: { stop_reason, stop_sequence, stop_details, container: null },
      usage: writeUsage(this.#usage),
    })
    return this.#begun(rest + last) + messageEvent('message_stop', {})
  }

  fail(error: ProxyError): string {
    if (this.#over) return ''
    this.#over = true
    return encodeMessageStreamError(error, this.#about)
  }

  #take(event: Event): string {
    switch (event.type) {
      case 'start':
        this.#model ??= event.model
        return ''
      case 'usage':
        this.#usage = event.usage
        return ''
      case 'end':
        this.#end = event
        return ''
      default:
        return this.#begun(this.#sections.take(event))
    }
  }

  /** Before anything else, the message. */
  #begun(written: string): string {
    if (written === '' || this.#started) return written
    this.#started = true
    const usage = { ...writeUsage(this.#usage), output_tokens: 0 }
    const message = { ...messageHead(this.#about, this.#model), usage }
    return messageEvent('message_start', { message }) + written
  }
}
