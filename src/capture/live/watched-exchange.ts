import { type ChoiceEnd, type Event, isContent } from '../../core/event.ts'
import type { Exchange } from '../../core/exchange.ts'
import type { Issue } from '../detectors/detector.ts'
import { TextHash } from './text-hash.ts'

/** More calls of tools in one answer are not looked at. */
const maxCalls = 64

/** What must be kept of an exchange while its events pass: a few flags, whatever their number. */
export class WatchedExchange {
  readonly exchange: Exchange
  /** By code: what was said of it. */
  readonly told = new Map<string, Issue>()
  /** Something that a client can show or run. */
  shows = false
  thinks = false
  refuses = false
  runsServerTools = false
  end: ChoiceEnd | null = null
  firstWordSeen = false
  /** Until when the client was last seen not to read: so long, nobody waited for the backend. */
  heldUpUntilNs = 0
  /** Made with the first call: most answers have none, and this is made for every exchange. */
  #calls: Map<number, { name: string; hash: TextHash }> | null = null

  constructor(exchange: Exchange) {
    this.exchange = exchange
  }

  /** Another attempt begins: what the one before it said does not count. */
  restart(): void {
    this.shows = false
    this.thinks = false
    this.refuses = false
    this.runsServerTools = false
    this.end = null
    this.firstWordSeen = false
    this.#calls = null
  }

  take(event: Event): void {
    switch (event.type) {
      case 'text':
        this.shows ||= event.text.trim() !== ''
        return
      case 'reasoning':
      case 'state':
        this.thinks = true
        return
      case 'server_tool':
        this.runsServerTools = true
        this.shows ||= event.text.trim() !== ''
        return
      case 'refusal':
        this.refuses = true
        this.shows = true
        return
      case 'tool_call':
        this.shows = true
        return this.#takeCall(event)
      case 'end':
        this.end = event
        return
      case 'citation':
        return
      default:
        this.shows ||= isContent(event)
    }
  }

  /** Each call's name and arguments, as one short text. */
  callSigns(): string[] {
    return [...(this.#calls?.values() ?? [])].map(({ name, hash }) => `${name} ${hash.digest()}`)
  }

  #takeCall({ index, name, arguments: piece }: Extract<Event, { type: 'tool_call' }>): void {
    this.#calls ??= new Map()
    let call = this.#calls.get(index)
    if (!call) {
      if (this.#calls.size >= maxCalls) return
      call = { name: '', hash: new TextHash() }
      this.#calls.set(index, call)
    }
    call.name ||= name?.slice(0, 100) ?? ''
    call.hash.add(piece)
  }
}
