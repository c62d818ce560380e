import type { ReasoningState } from '../../../core/call.ts'
import type { JsonObject } from '../../../core/json.ts'
import type { AnswerAbout } from '../../../core/protocol.ts'
import { HeldText } from '../../held-text.ts'
import { redactedBlock, signatureOf, toolUseBlock } from './answer-writing.ts'
import type { BlockWriter } from './block-writer.ts'
import { JsonEnd } from './json-end.ts'

/** A block to be. It says what it has when it is its turn; until then it keeps it. */
export interface Section {
  /** Nothing more can come of it once something else has: it need not be waited for. */
  readonly finished: boolean
  /** What has come since it was asked last. */
  write(blocks: BlockWriter): string
  /** The rest, and its end. */
  close(blocks: BlockWriter): string
}

/** White space before any word is held back: a block of nothing else would be refused when it comes back. */
const maxSpaces = 10_000

export class TextSection implements Section {
  readonly finished = true
  /** What follows is another text. */
  parted = false
  readonly #text = new HeldText()
  readonly #citations: JsonObject[] = []
  #begun = false

  add(text: string): void {
    this.#text.add(text)
  }

  cite(citation: JsonObject): void {
    this.#citations.push(citation)
  }

  write(blocks: BlockWriter): string {
    const text = this.#text.take()
    if (!this.#begun && text.trim() === '' && text.length < maxSpaces) {
      if (text !== '') this.#text.add(text)
      return ''
    }
    const start = this.#begun ? '' : blocks.start({ type: 'text', text: '', citations: null })
    this.#begun = true
    const said = text === '' ? '' : blocks.delta({ type: 'text_delta', text })
    const cited = this.#citations.map((citation) => blocks.delta({ type: 'citations_delta', citation }))
    this.#citations.length = 0
    return start + said + cited.join('')
  }

  close(blocks: BlockWriter): string {
    const rest = this.write(blocks)
    return this.#begun ? rest + blocks.stop() : rest
  }
}

export class ThinkingSection implements Section {
  readonly finished = true
  parted = false
  readonly #text = new HeldText()
  readonly #about: AnswerAbout
  #state: Omit<ReasoningState, 'model'> | undefined
  #begun = false

  constructor(about: AnswerAbout) {
    this.#about = about
  }

  add(text: string): void {
    this.#text.add(text)
  }

  /** A state proves what came before it: more thoughts are another block. */
  sign(state: Omit<ReasoningState, 'model'>): void {
    this.#state = state
    this.parted = true
  }

  write(blocks: BlockWriter): string {
    const thinking = this.#text.take()
    if (thinking === '') return ''
    const start = this.#begun ? '' : blocks.start({ type: 'thinking', thinking: '', signature: '' })
    this.#begun = true
    return start + blocks.delta({ type: 'thinking_delta', thinking })
  }

  close(blocks: BlockWriter): string {
    const signature = signatureOf(this.#state, this.#about)
    return this.write(blocks) + blocks.delta({ type: 'signature_delta', signature }) + blocks.stop()
  }
}

/** Thoughts that only their provider can read. */
export class RedactedSection implements Section {
  readonly finished = true
  readonly #block: JsonObject

  constructor(state: Omit<ReasoningState, 'model'>, about: AnswerAbout) {
    this.#block = redactedBlock(state, about)
  }

  write(): string {
    return ''
  }

  close(blocks: BlockWriter): string {
    return blocks.start(this.#block) + blocks.stop()
  }
}

export class ToolSection implements Section {
  id = ''
  name: string | undefined
  /** Its arguments are free text. */
  custom = false
  /** Nothing that has to stand before it can come any more. */
  ready = false
  state: Omit<ReasoningState, 'model'> | undefined
  readonly index: number
  readonly #about: AnswerAbout
  readonly #arguments = new HeldText()
  readonly #end = new JsonEnd()
  #begun = false
  #said = false

  constructor(index: number, about: AnswerAbout) {
    this.index = index
    this.#about = about
  }

  get finished(): boolean {
    return this.#end.reached && !this.custom
  }

  add(piece: string): void {
    this.#end.add(piece)
    this.#arguments.add(piece)
  }

  write(blocks: BlockWriter): string {
    if (!this.ready || this.name === undefined) return ''
    return this.#start(blocks) + this.#say(blocks, this.#arguments.take())
  }

  close(blocks: BlockWriter): string {
    const rest = this.#start(blocks) + this.#say(blocks, this.#arguments.take())
    if (this.custom) return rest + this.#delta(blocks, this.#said ? '"}' : '{"input":""}') + blocks.stop()
    // Clients parse what they were given: that of a tool without arguments has to be an object too.
    return rest + (this.#said ? '' : this.#delta(blocks, '{}')) + blocks.stop()
  }

  #start(blocks: BlockWriter): string {
    if (this.#begun) return ''
    this.#begun = true
    const before = this.state ? blocks.start(redactedBlock(this.state, this.#about)) + blocks.stop() : ''
    const { id, name = '', index } = this
    return before + blocks.start(toolUseBlock({ id, name, index }, this.#about))
  }

  #say(blocks: BlockWriter, piece: string): string {
    if (piece === '') return ''
    const opening = this.custom && !this.#said ? '{"input":"' : ''
    this.#said = true
    return this.#delta(blocks, opening + (this.custom ? JSON.stringify(piece).slice(1, -1) : piece))
  }

  #delta(blocks: BlockWriter, partial_json: string): string {
    return blocks.delta({ type: 'input_json_delta', partial_json })
  }
}
