import type { ServerResponse } from 'node:http'
import { setImmediate as turn } from 'node:timers/promises'
import type { BookLine, Ending } from './books.ts'
import type { ExchangePlan, Part } from './plan.ts'
import type { Moments } from './provider.ts'
import type { ReceivedCall } from './read-call.ts'
import { type Said, type StreamFrames, saidBy } from './speech/speech.ts'

/** One attempt's answer: plays the part that was planned and writes its line while it does. */
export class Performance {
  readonly line: BookLine
  readonly #call: ReceivedCall
  readonly #response: ServerResponse
  readonly #gone: Promise<void>

  constructor(call: ReceivedCall, number: number, response: ServerResponse) {
    this.#call = call
    this.#response = response
    this.#gone = new Promise<void>((resolve) => response.once('close', resolve))
    // Written to while the other side goes.
    response.on('error', () => {})
    const { exchange, backend, protocol, model, stream } = call
    this.line = {
      ...{ exchange, number, backend, protocol, model, stream },
      requestId: `req_${exchange}_${number}`,
      ...{
        answeredAs: null,
        flex: false,
        status: null,
        text: '',
        textBeforeWait: '',
        calls: [],
        told: 'nothing',
        amounts: null,
        ending: 'uncalled',
      },
    }
  }

  /** Nobody planned this attempt. */
  turnAway(): void {
    this.#head(418, 'application/json')
    this.#response.end('{}')
  }

  async play(plan: ExchangePlan, part: Part, moments: Moments): Promise<void> {
    const said = saidBy(part, `${plan.id}_${this.line.number}`, this.#call.usageAsked)
    const waits = plan.leaves && part === plan.parts.at(-1)
    if (part.moment === 'before the head') return this.#beforeHead(plan, part, said, waits ? moments : null)
    if (part.deed === 'refuse') return this.#refuse(part)
    if (!this.#call.stream) return this.#whole(part, said)
    const frames = this.#call.speech.frames(said)
    this.#opening(part, frames)
    const first = part.moment === 'after output' ? part.piecesBeforeWait : 0
    await this.#content(part, frames.content.slice(0, first))
    this.line.textBeforeWait = this.line.text
    if (waits) {
      moments.reach()
      await Promise.race([moments.mayGoOn, this.#gone])
    }
    await this.#rest(part, said, frames)
  }

  async #beforeHead(plan: ExchangePlan, part: Part, said: Said, moments: Moments | null): Promise<void> {
    if (moments) {
      moments.reach()
      await Promise.race([moments.mayGoOn, this.#gone])
      if (plan.readsOn) return this.#whole(part, said)
    }
    if (part.deed === 'hang') await this.#gone
    else this.#response.destroy()
    this.line.ending = part.deed === 'hang' ? 'caller gone' : 'cut'
  }

  #refuse({ status, retryAfterSeconds = 0 }: Part): void {
    // The only one that a proxy may ask again: it says when.
    if (status === 429) this.#response.setHeader('retry-after', `${retryAfterSeconds}`)
    this.#head(status, 'application/json')
    this.#response.end(JSON.stringify(this.#call.speech.error(status)))
    this.line.ending = 'refused'
  }

  async #whole(part: Part, said: Said): Promise<void> {
    const body = Buffer.from(JSON.stringify(this.#call.speech.whole(said)))
    this.#response.setHeader('content-length', body.length)
    this.#head(200, 'application/json')
    if (part.deed === 'cut') {
      await this.#send(body.subarray(0, body.length / 2))
      this.#response.destroy()
      this.line.ending = 'cut'
      return
    }
    this.#response.end(body)
    this.#completed(said)
  }

  #opening(part: Part, { opening }: StreamFrames): void {
    this.#head(200, this.#call.streamType)
    this.#response.write(opening.join(''))
    this.line.answeredAs = part.answersAs
    this.line.flex = part.flex
    if (part.amounts === null || this.#call.speech.openingTells === 'nothing') return
    this.line.told = 'prompt'
    this.line.amounts = part.amounts
  }

  async #content(part: Part, frames: readonly string[]): Promise<void> {
    for (const [index, frame] of frames.entries()) {
      // In several packets, and sometimes several frames in one.
      if (index % 3 === 0) await turn()
      await this.#send(frame)
      this.line.text += part.pieces[index] ?? ''
    }
  }

  async #rest(part: Part, said: Said, frames: StreamFrames): Promise<void> {
    const { content, closing, error } = frames
    if (part.deed === 'hang') {
      await this.#gone
      this.line.ending = 'caller gone'
    } else if (part.deed === 'cut') {
      await this.#send('')
      this.#response.destroy()
      this.line.ending = 'cut'
    } else if (part.deed === 'end early') this.#end('', 'ended early')
    else if (part.deed === 'error event') this.#end(error, 'error event')
    else {
      this.#response.end([...content.slice(part.piecesBeforeWait), ...closing].join(''))
      this.#completed(said)
    }
  }

  #completed({ model, tier, text, calls, amounts }: Said): void {
    const told = amounts === null ? 'nothing' : 'all'
    const flex = tier === 'flex'
    Object.assign(this.line, { answeredAs: model, flex, text, calls, amounts, told, ending: 'complete' })
  }

  #end(last: string, ending: Ending): void {
    this.#response.end(last)
    this.line.ending = ending
  }

  #head(status: number, type: string): void {
    this.#response.writeHead(status, { 'content-type': type, 'x-request-id': this.line.requestId })
    this.line.status = status
  }

  /** Settles when the system has taken the bytes: what is cut afterwards still brings them. */
  #send(bytes: string | Uint8Array): Promise<void> {
    return new Promise((resolve) => this.#response.write(bytes, () => resolve()))
  }
}
