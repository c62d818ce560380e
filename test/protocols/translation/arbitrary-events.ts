import fc from 'fast-check'
import type { Event } from '../../../src/core/event.ts'
import { argumentsText, base64, words } from './arbitrary-call.ts'

/** What an answer may hold. */
export interface EventFeatures {
  reasoning: boolean
  refusal: boolean
  tools: boolean
  media: boolean
  citations: boolean
  usage: boolean
  /** The pieces of tool calls come mixed, as chat's may. */
  interleaved: boolean
  /** What only the provider can read, behind thoughts and tool calls, or alone. */
  states: boolean
}

const every: EventFeatures = {
  reasoning: true,
  refusal: true,
  tools: true,
  media: true,
  citations: true,
  usage: true,
  interleaved: false,
  states: false,
}

/** Text in up to three pieces, cut anywhere. */
function inPieces(text: string, cuts: readonly number[]): string[] {
  const at = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b)
  const edges = [0, ...at, text.length]
  return edges
    .slice(1)
    .map((end, index) => text.slice(edges[index], end))
    .filter((piece) => piece !== '')
}

const cuts = fc.array(fc.nat(1000), { maxLength: 2 })
const said = (type: 'text' | 'reasoning' | 'refusal') =>
  fc
    .tuple(words, cuts)
    .map(([text, at]): Event[] => inPieces(text, at).map((piece) => ({ type, text: piece })))

const citation = words.map((title): Event[] => [
  { type: 'citation', citation: { url: 'https://example.com/', title, quote: null, start: null, end: null } },
])
const media = base64.map((data): Event[] => [{ type: 'media', mediaType: 'image/png', data }])

const opaque = fc.stringMatching(/^[A-Za-z0-9]{4,20}$/)
const state = (
  kind: 'signature' | 'redacted' | 'thought_signature',
  on: 'reasoning' | 'tool_call' | null,
) => {
  const protocol = kind === 'thought_signature' ? 'gemini' : 'anthropic-messages'
  return opaque.map((data): Event => ({ type: 'state', on, state: { protocol, kind, data } }))
}
const provenThought = fc
  .tuple(said('reasoning'), state('signature', 'reasoning'))
  .map(([thought, proof]): Event[] => [...thought, proof])
const hiddenThought = state('redacted', null).map((event): Event[] => [event])

/** Tool calls, each with an id and a name, its arguments in pieces. */
const toolCalls = ({ interleaved, states }: EventFeatures) =>
  fc
    .array(
      fc.tuple(
        fc.stringMatching(/^[a-z_]{1,12}$/),
        argumentsText,
        cuts,
        fc.option(state('thought_signature', 'tool_call'), { nil: null }),
      ),
      { minLength: 1, maxLength: 3 },
    )
    .chain((made) => {
      const calls = made.map(([name, args, at, proof], index): Event[] => {
        const [first = '', ...rest] = inPieces(args, at)
        return [
          { type: 'tool_call', index, id: `call_${index}_x`, name, arguments: first },
          ...(states && proof ? [proof] : []),
          ...rest.map((piece): Event => ({ type: 'tool_call', index, arguments: piece })),
        ]
      })
      return interleaved ? mixed(calls) : fc.constant(calls.flat())
    })

/** The lists as one, each in its own order; the calls begin in theirs, and a state stays behind its call. */
function mixed(lists: readonly Event[][]): fc.Arbitrary<Event[]> {
  const steps = lists.reduce((sum, list) => sum + list.length, 0)
  return fc.array(fc.nat(1000), { minLength: steps, maxLength: steps }).map((picks) => {
    const left = lists.map((list) => [...list])
    const result: Event[] = []
    let begun = 0
    for (const pick of picks) {
      const open = left.slice(0, begun + 1).filter((list) => list.length > 0)
      const list = open[pick % Math.max(1, open.length)]
      const event = list?.shift()
      if (event === undefined || list === undefined) continue
      if (list === left[begun]) begun++
      result.push(event)
      if (list[0]?.type === 'state') result.push(...list.splice(0, 1))
    }
    return result
  })
}

const usage = fc
  .record({ prompt: fc.integer({ min: 1, max: 9999 }), completion: fc.integer({ min: 1, max: 9999 }) })
  .map(
    ({ prompt, completion }): Event => ({
      type: 'usage',
      usage: { promptTokens: prompt, completionTokens: completion, totalTokens: prompt + completion },
    }),
  )

/**
 * Answers as a decoder gives them: a start, content, tool calls last, the end, and the usage before or behind it.
 * `states` and `interleaved` have to be asked for.
 */
export function arbitraryEvents(features: Partial<EventFeatures> = {}): fc.Arbitrary<Event[]> {
  const wanted = { ...every, ...features }
  const text = wanted.citations
    ? fc.tuple(said('text'), citation).map(([a, b]) => [...a, ...b])
    : said('text')
  const blocks = [
    said('text'),
    text,
    ...(wanted.reasoning ? [said('reasoning')] : []),
    ...(wanted.media ? [media] : []),
    ...(wanted.states ? [provenThought, hiddenThought] : []),
  ]
  return fc
    .record({
      content: fc.array(fc.oneof(...blocks), { maxLength: 4 }),
      refusal: wanted.refusal ? fc.option(said('refusal'), { nil: null, freq: 5 }) : fc.constant(null),
      calls: wanted.tools ? fc.option(toolCalls(wanted), { nil: null }) : fc.constant(null),
      report: wanted.usage ? fc.option(usage, { nil: null }) : fc.constant(null),
      usageLast: fc.boolean(),
      reason: fc.constantFrom('stop' as const, 'length' as const, 'filter' as const),
    })
    .map(({ content, refusal, calls, report, usageLast, reason }) => {
      const plain = calls ? 'tool' : refusal ? 'filter' : 'stop'
      const end: Event = { type: 'end', reason: reason === 'stop' ? plain : reason, raw: reason }
      const last = report === null ? [end] : usageLast ? [end, report] : [report, end]
      return [
        { type: 'start', id: 'a', model: 'm' },
        ...content.flat(),
        ...(refusal ?? []),
        ...(calls ?? []),
        ...last,
      ]
    })
}

const interleaved = arbitraryEvents({ states: true, interleaved: true })

/** Two answers interleaved into one, each in its own order: no provider sends it, and no encoder may stumble over it. */
export const tangledEvents: fc.Arbitrary<Event[]> = fc
  .tuple(interleaved, interleaved, fc.array(fc.boolean()))
  .map(([one, other, picks]) => {
    const left = [[...one], [...other]]
    const order = [...picks, ...one.map(() => true), ...other.map(() => false)]
    return order.flatMap((first) => left[first ? 0 : 1]?.splice(0, 1) ?? [])
  })
