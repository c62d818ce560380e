import type { Citation } from '../../../core/call.ts'
import type { Event } from '../../../core/event.ts'
import type { JsonObject } from '../../../core/json.ts'
import type { Lost } from '../../../core/losses.ts'
import type { AnswerAbout } from '../../../core/protocol.ts'
import { writeCitation } from '../citations.ts'
import { hidesThoughts } from './answer-writing.ts'
import { SectionLine } from './section-line.ts'
import { RedactedSection, type Section, TextSection, ThinkingSection, ToolSection } from './sections.ts'

type ToolCallEvent = Extract<Event, { type: 'tool_call' }>
type StateEvent = Extract<Event, { type: 'state' }>

/** Citations that came before any text; there are never many. */
const maxWaiting = 256

/** Makes blocks of an answer's content, in whatever order it comes. */
export class StreamSections {
  readonly #about: AnswerAbout
  readonly #lost: Lost<'answer', 'anthropic-messages'>
  readonly #line = new SectionLine()
  readonly #waiting: JsonObject[] = []
  /** The call that came last, while a state may still follow that has to stand before it. */
  #fresh: ToolSection | undefined
  #nextTool = 0

  constructor(about: AnswerAbout, lost: Lost<'answer', 'anthropic-messages'>) {
    this.#about = about
    this.#lost = lost
  }

  get toolCalled(): boolean {
    return this.#nextTool > 0
  }

  /** What can be written now. */
  take(event: Event): string {
    if ('choice' in event && event.choice) return ''
    this.#settle(event)
    this.#sort(event)
    return this.#line.write()
  }

  /** All that is left. */
  close(): string {
    if (this.#waiting.length > 0) this.#lost.lose('answer_citation')
    return this.#line.close()
  }

  /** Gemini's calls come whole, their state behind them; others' state comes with the name. */
  #settle(event: Event): void {
    if (this.#fresh === undefined) return
    const isState = event.type === 'state' && event.on === 'tool_call'
    const isMore = event.type === 'tool_call' && event.index === this.#fresh.index
    if (isState || (isMore && this.#about.source.protocol === 'gemini')) return
    this.#fresh.ready = true
    this.#fresh = undefined
  }

  #sort(event: Event): void {
    switch (event.type) {
      case 'text':
        return this.#addText(event.text)
      case 'reasoning':
        return this.#addThoughts(event.text)
      case 'tool_call':
        return this.#addCall(event)
      case 'state':
        return this.#addState(event)
      case 'boundary':
        return this.#part()
      case 'citation':
        return this.#cite(event.citation)
      case 'refusal':
        this.#lost.lose('answer_refusal')
        return this.#addText(event.text)
      case 'media':
        this.#lost.lose('answer_media')
        return this.#addText(event.transcript ?? '')
      case 'server_tool':
        return this.#addOutput(event.text)
    }
  }

  #addText(text: string): void {
    if (text === '') return
    const last = this.#line.last
    const section = last instanceof TextSection && !last.parted ? last : this.#append(new TextSection())
    section.add(text)
    this.#line.grew(section, text.length)
    if (text.trim() !== '') for (const citation of this.#waiting.splice(0)) section.cite(citation)
  }

  #addThoughts(text: string): void {
    if (text === '' || hidesThoughts(this.#about)) return
    const last = this.#line.last
    const goesOn = last instanceof ThinkingSection && !last.parted
    const section = goesOn ? last : this.#append(new ThinkingSection(this.#about))
    section.add(text)
    this.#line.grew(section, text.length)
  }

  /** What a tool printed stands by itself. */
  #addOutput(text: string): void {
    if (text === '') return
    this.#lost.lose('answer_server_tool')
    this.#part()
    this.#addText(text)
    this.#part()
  }

  #part(): void {
    const last = this.#line.last
    if (last instanceof TextSection || last instanceof ThinkingSection) last.parted = true
  }

  #addCall(event: ToolCallEvent): void {
    const section = this.#openCall(event.index) ?? this.#newCall(event.index)
    if (section === undefined) return
    section.id ||= event.id ?? ''
    section.name ??= event.name
    if (event.custom) section.custom = true
    section.add(event.arguments)
    this.#line.grew(section, event.arguments.length)
  }

  #openCall(index: number): ToolSection | undefined {
    return this.#line.findLast(
      (section): section is ToolSection => section instanceof ToolSection && section.index === index,
    )
  }

  /** Undefined for one that has had its block. */
  #newCall(index: number): ToolSection | undefined {
    if (index < this.#nextTool) return undefined
    this.#nextTool = index + 1
    const section = this.#append(new ToolSection(index, this.#about))
    this.#fresh = section
    return section
  }

  #append<Kind extends Section>(section: Kind): Kind {
    this.#line.append(section)
    return section
  }

  #addState({ state, on }: StateEvent): void {
    const last = this.#line.last
    if (on === 'tool_call') {
      if (this.#fresh) this.#fresh.state = state
    } else if (on === 'reasoning' && last instanceof ThinkingSection && !last.parted) last.sign(state)
    else this.#append(new RedactedSection(state, this.#about))
  }

  #cite(citation: Citation): void {
    const written = writeCitation(citation, this.#about.source)
    const last = this.#line.last
    if (written === undefined) this.#lost.lose('answer_citation')
    else if (last instanceof TextSection && !last.parted) last.cite(written)
    else if (this.#waiting.length < maxWaiting) this.#waiting.push(written)
    else this.#lost.lose('answer_citation')
  }
}
