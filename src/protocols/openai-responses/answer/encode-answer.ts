import type { Answer, AnswerPart } from '../../../core/answer.ts'
import type { JsonObject } from '../../../core/json.ts'
import { Lost } from '../../../core/losses.ts'
import type { AnswerAbout, EncodedAnswer } from '../../../core/protocol.ts'
import { tellsMore } from '../../translation/usage-details.ts'
import {
  annotation,
  callItem,
  encodeLogprobs,
  imageItem,
  messageItem,
  outputText,
  reasoningItem,
  refusalPart,
} from './answer-items.ts'
import { ResponseIds, responseObject, responsesUsageParts } from './response-object.ts'

/** A whole answer as a `response`. */
export function encodeResponsesAnswer(answer: Answer, about: AnswerAbout): EncodedAnswer {
  const lost = new Lost<'answer', 'openai-responses'>()
  if (tellsMore(answer.usage, responsesUsageParts)) lost.lose('answer_usage_details')
  const [choice] = answer.choices
  const end = choice?.end ?? { reason: 'stop' as const, raw: '' }
  if (end.reason === 'pause') lost.lose('answer_pause')
  if (end.stopSequence !== undefined) lost.lose('answer_stop_sequence')
  const parts = choice?.parts ?? []
  const items = new Items(about, lost)
  items.logprobs = encodeLogprobs(choice?.logprobs ?? [])
  for (const part of parts) items.add(part)
  const body = responseObject(about, {
    model: answer.model ?? about.source.model,
    output: items.all,
    usage: answer.usage,
    end,
    refused:
      parts.some((part) => part.type === 'refusal') && parts.every((part) => part.type !== 'tool_call'),
  })
  return { body, lost: lost.items }
}

class Items {
  readonly all: JsonObject[] = []
  /** Of the whole answer: they stand with its first text. */
  logprobs: JsonObject[] = []
  readonly #about: AnswerAbout
  readonly #lost: Lost<'answer', 'openai-responses'>
  readonly #ids: ResponseIds
  #calls = 0
  #textLength = 0

  constructor(about: AnswerAbout, lost: Lost<'answer', 'openai-responses'>) {
    this.#about = about
    this.#lost = lost
    this.#ids = new ResponseIds(about)
  }

  add(part: AnswerPart): void {
    switch (part.type) {
      case 'text':
        return this.#text(part)
      case 'server_tool':
        if (part.text !== '') this.#lost.lose('answer_server_tool')
        return this.#text({ text: part.text })
      case 'refusal':
        return this.#say(refusalPart(part.text))
      case 'reasoning':
        return this.#reason(part.text === '' ? [] : [part.text], part.state)
      case 'tool_call':
        if (part.state) this.#reason([], part.state)
        this.all.push(
          callItem(this.#id(part.custom ? 'ctc' : 'fc'), { ...part, index: this.#calls++ }, this.#about),
        )
        return
      case 'media':
        if (part.mediaType.startsWith('image/'))
          this.all.push(imageItem(this.#id('ig'), part.mediaType, part.data))
        else this.#text({ text: part.transcript ?? '' })
    }
  }

  #text({
    text,
    state,
    citations,
  }: Pick<Extract<AnswerPart, { type: 'text' }>, 'text' | 'state' | 'citations'>): void {
    if (state) this.#reason([], state)
    if (text === '') return
    const annotations = (citations ?? []).flatMap((citation) => {
      const made = annotation(citation, this.#textLength, text.length)
      if (made === undefined) this.#lost.lose('answer_citation')
      return made === undefined ? [] : [made]
    })
    this.#textLength += text.length
    const logprobs = this.logprobs
    this.logprobs = []
    this.#say(outputText(text, annotations, logprobs))
  }

  #reason(summary: readonly string[], state: Extract<AnswerPart, { type: 'reasoning' }>['state']): void {
    this.all.push(reasoningItem(this.#id('rs'), summary, state, this.#about))
  }

  /** Words that follow each other are one message. */
  #say(part: JsonObject): void {
    const last = this.all.at(-1)
    if (last?.type === 'message' && Array.isArray(last.content)) last.content.push(part)
    else this.all.push(messageItem(this.#id('msg'), [part]))
  }

  #id(kind: 'msg' | 'rs' | 'fc' | 'ctc' | 'ig'): string {
    return this.#ids.item(kind, this.all.length)
  }
}
