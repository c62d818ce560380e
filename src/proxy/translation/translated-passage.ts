import type { ProxyError } from '../../core/errors.ts'
import type { Event } from '../../core/event.ts'
import type { ProtocolName } from '../../core/protocol-name.ts'
import { translatedError } from '../../protocols/translation/translated-error.ts'
import type { StreamPassage } from '../answer/stream-passage.ts'
import type { StreamWords } from './answer-translation.ts'

const empty = Buffer.alloc(0)

/** A stream of another protocol, said in the client's. */
export class TranslatedPassage implements StreamPassage {
  readonly asReceived = false
  /** Only whole blocks are ever written. */
  readonly betweenBlocks = true
  private readonly words: StreamWords
  private readonly client: ProtocolName

  constructor(words: StreamWords, client: ProtocolName) {
    this.words = words
    this.client = client
  }

  pass(): Buffer {
    return empty
  }

  say(events: readonly Event[]): Buffer {
    const said = this.words.push(events)
    return said === '' ? empty : Buffer.from(said)
  }

  end(): Buffer {
    return Buffer.from(this.words.end())
  }

  fail(error: ProxyError): Buffer {
    return Buffer.from(this.words.encoder.fail(translatedError(error, this.client)))
  }
}
