import type { ProxyError } from '../../core/errors.ts'
import type { Event } from '../../core/event.ts'
import type { Protocol, StreamDecoder, StreamFraming } from '../../core/protocol.ts'
import type { UsageChunkFilter } from './usage-chunk-filter.ts'

/** What of a backend's stream becomes the client's. Each call returns what may be written now, empty for nothing. */
export interface StreamPassage {
  /** Bytes as they come, before they are decoded. */
  pass(bytes: Buffer): Buffer
  /** What they said. */
  say(events: readonly Event[]): Buffer
  /** The answer is complete. */
  end(): Buffer
  /** It breaks off: the client's own error event, fit to follow what was written. */
  fail(error: ProxyError): Buffer
  /** What was written last ended where a comment may stand. */
  readonly betweenBlocks: boolean
  /** Bytes pass as they came: an error that the provider put into its stream has passed too, and so will its end. */
  readonly asReceived: boolean
}

const empty = Buffer.alloc(0)
const blankLine = Buffer.from('\n\n')

/** The same protocol on both sides: every byte passes, but for a usage chunk that the client did not ask for. */
export class SameBytes implements StreamPassage {
  readonly asReceived = true
  private readonly protocol: Protocol
  private readonly framing: StreamFraming
  private readonly decoder: StreamDecoder
  private readonly exchangeId: string
  private readonly usageFilter: UsageChunkFilter | null

  constructor(parts: {
    protocol: Protocol
    framing: StreamFraming
    decoder: StreamDecoder
    exchangeId: string
    usageFilter: UsageChunkFilter | null
  }) {
    this.protocol = parts.protocol
    this.framing = parts.framing
    this.decoder = parts.decoder
    this.exchangeId = parts.exchangeId
    this.usageFilter = parts.usageFilter
  }

  pass(bytes: Buffer): Buffer {
    return this.usageFilter ? this.usageFilter.push(bytes) : bytes
  }

  say(): Buffer {
    return empty
  }

  end(): Buffer {
    return this.usageFilter?.end() ?? empty
  }

  fail(error: ProxyError): Buffer {
    const place = {
      framing: this.framing,
      exchangeId: this.exchangeId,
      eventsPassed: this.decoder.eventsSeen,
      lastSequence: this.decoder.lastSequence,
    }
    const event = Buffer.from(this.protocol.encodeStreamError(error, place))
    const atBoundary = this.framing === 'json-array' || this.decoder.betweenBlocks
    return Buffer.concat(atBoundary ? [this.end(), event] : [this.end(), blankLine, event])
  }

  get betweenBlocks(): boolean {
    return this.decoder.betweenBlocks && (this.usageFilter?.idle ?? true)
  }
}
