import fc from 'fast-check'
import type { Call, Message, Tool, ToolCallPart, ToolResultPart, UserPart } from '../../../src/core/call.ts'

/** What a call may hold; what a protocol cannot say is switched off where its round trip is tested. */
export interface CallFeatures {
  images: boolean
  documents: boolean
  tools: boolean
  toolErrors: boolean
  laterInstructions: boolean
  sampling: boolean
  /** Tools that are called with free text. */
  customTools: boolean
  /** A form for the answer. */
  output: boolean
}

const every: CallFeatures = {
  images: true,
  documents: true,
  tools: true,
  toolErrors: true,
  laterInstructions: true,
  sampling: true,
  customTools: false,
  output: false,
}

/** Words with something to see in them: protocols differ on blank texts. */
export const words = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
  .map((text) => text.trim())
  .filter((text) => text !== '')

/** 1 to 12 bytes as base64. */
export const base64 = fc
  .uint8Array({ minLength: 1, maxLength: 12 })
  .map((bytes) => Buffer.from(bytes).toString('base64'))

/** JSON text of an object. */
export const argumentsText = fc
  .dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.oneof(fc.string(), fc.integer(), fc.boolean()), {
    maxKeys: 3,
  })
  .map((value) => JSON.stringify({ ...value }))

const toolName = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_-]{0,20}$/)
const mediaType = fc.constantFrom('image/png', 'image/jpeg', 'image/webp')

const image = fc.oneof(
  fc
    .record({ mediaType, data: base64 })
    .map((source): UserPart => ({ type: 'image', source: { kind: 'base64', ...source } })),
  fc.constant<UserPart>({
    type: 'image',
    source: { kind: 'url', url: 'https://example.com/a.png', mediaType: null },
  }),
)
const document = base64.map(
  (data): UserPart => ({
    type: 'document',
    source: { kind: 'base64', mediaType: 'application/pdf', data },
    name: 'a.pdf',
  }),
)
const text = words.map((said): UserPart => ({ type: 'text', text: said }))

function userMessage({ images, documents }: CallFeatures): fc.Arbitrary<Message> {
  const parts = [text, ...(images ? [image] : []), ...(documents ? [document] : [])]
  return fc
    .array(fc.oneof(...parts), { minLength: 1, maxLength: 3 })
    .map((made): Message => ({ role: 'user', parts: made }))
}

/** A turn of the model with tool calls, and the user's turn with their results, in order. */
function toolTurns(offered: readonly Tool[], { toolErrors }: CallFeatures): fc.Arbitrary<Message[]> {
  const call = fc
    .constantFrom(...offered)
    .chain(({ type, name }) =>
      type === 'custom'
        ? words.map((said) => ({ name, arguments: said, custom: true as const }))
        : argumentsText.map((args) => ({ name, arguments: args })),
    )
  const result = fc.record({ said: words, isError: toolErrors ? fc.boolean() : fc.constant(false) })
  const pair = fc.tuple(call, result)
  return fc
    .tuple(fc.array(pair, { minLength: 1, maxLength: 3 }), fc.option(words, { nil: null }), fc.nat(1_000_000))
    .map(([pairs, before, seed]) => {
      const calls = pairs.map(
        ([made], index): ToolCallPart => ({ type: 'tool_call', id: `call_${seed}_${index}`, ...made }),
      )
      const results = pairs.map(
        ([{ name }, { said, isError }], index): ToolResultPart => ({
          ...{ type: 'tool_result', callId: `call_${seed}_${index}`, name, isError },
          content: [{ type: 'text', text: said }],
        }),
      )
      const spoken = before === null ? [] : [{ type: 'text' as const, text: before }]
      return [
        { role: 'assistant', parts: [...spoken, ...calls] },
        { role: 'user', parts: results },
      ]
    })
}

const assistant = words.map((said): Message => ({ role: 'assistant', parts: [{ type: 'text', text: said }] }))
const system = words.map((said): Message => ({ role: 'system', parts: [{ type: 'text', text: said }] }))

const parameters = { type: 'object', properties: { a: { type: 'string' } } }
const named = { name: toolName, description: fc.option(words, { nil: null }) }
const functionTool = fc
  .record(named)
  .map((tool): Tool => ({ type: 'function', ...tool, parameters, strict: null }))
const customTool = fc.record(named).map((tool): Tool => ({ type: 'custom', ...tool, format: null }))

function tools({ customTools }: CallFeatures): fc.Arbitrary<Tool[]> {
  return fc.uniqueArray(customTools ? fc.oneof(functionTool, customTool) : functionTool, {
    ...{ minLength: 1, maxLength: 3, selector: ({ name }) => name },
  })
}

/**
 * Valid calls: the first turn is the user's, roles alternate, every tool call has its result right behind it.
 * `customTools` and `output` have to be asked for.
 */
export function arbitraryCall(features: Partial<CallFeatures> = {}): fc.Arbitrary<Call> {
  const wanted = { ...every, ...features }
  return fc
    .oneof(fc.constant<Tool[]>([]), wanted.tools ? tools(wanted) : fc.constant<Tool[]>([]))
    .chain((offered) => {
      const names = offered.map(({ name }) => name)
      const middle =
        names.length === 0
          ? assistant.map((turn) => [turn])
          : fc.oneof(
              assistant.map((turn) => [turn]),
              toolTurns(offered, wanted),
            )
      const later = wanted.laterInstructions ? fc.option(system, { nil: null }) : fc.constant(null)
      const round = fc
        .tuple(middle, userMessage(wanted), later)
        .map(([model, user, said]): Message[] => [...withUser(model, user), ...(said ? [said] : [])])
      return fc
        .record({
          before: fc.array(system, { maxLength: 1 }),
          first: userMessage(wanted),
          rounds: fc.array(round, { maxLength: 3 }),
          settings: settings(names, wanted),
        })
        .map(({ before, first, rounds, settings: set }) => ({
          ...set,
          tools: offered,
          messages: [...before, first, ...rounds.flat()],
        }))
    })
}

/** The user's words after tool results belong to the same turn. */
function withUser(model: Message[], user: Message): Message[] {
  const last = model.at(-1)
  if (last?.role !== 'user' || user.role !== 'user') return [...model, user]
  return [...model.slice(0, -1), { role: 'user', parts: [...last.parts, ...user.parts] }]
}

const outputFormat = fc.record({
  type: fc.constant('json_schema' as const),
  name: fc.constantFrom('answer', 'weather'),
  description: fc.option(words, { nil: null }),
  schema: fc.constant(parameters),
  strict: fc.option(fc.boolean(), { nil: null }),
})

function settings(
  names: readonly string[],
  { sampling, output }: CallFeatures,
): fc.Arbitrary<Omit<Call, 'messages' | 'tools'>> {
  const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null })
  const unless = <T>(value: fc.Arbitrary<T>) => (sampling ? optional(value) : fc.constant(null))
  const share = fc.constantFrom(0, 0.25, 0.5, 1)
  return fc.record({
    model: fc.constant('some-model'),
    stream: fc.boolean(),
    toolChoice:
      names.length === 0
        ? fc.constant(null)
        : optional(
            fc.oneof(
              fc.constantFrom(
                { type: 'auto' as const },
                { type: 'none' as const },
                { type: 'required' as const },
              ),
              fc.constantFrom(...names).map((name) => ({ type: 'tool' as const, name })),
            ),
          ),
    parallelToolCalls: fc.constant(null),
    output: output ? optional(outputFormat) : fc.constant(null),
    maxOutputTokens: optional(fc.integer({ min: 16, max: 4000 })),
    temperature: unless(share),
    topP: unless(share),
    topK: unless(fc.integer({ min: 1, max: 60 })),
    seed: unless(fc.nat(1000)),
    frequencyPenalty: unless(share),
    presencePenalty: unless(share),
    stop: sampling ? fc.uniqueArray(words, { maxLength: 3 }) : fc.constant([]),
    choices: fc.constant(null),
    logprobs: fc.constant(null),
    reasoning: fc.constant(null),
    verbosity: fc.constant(null),
    userId: optional(fc.stringMatching(/^[a-z0-9-]{1,20}$/)),
    metadata: fc.constant(null),
    serviceTier: fc.constant(null),
    store: fc.constant(null),
    promptCacheKey: fc.constant(null),
    usageAsked: fc.constant(true),
    previousResponseId: fc.constant(null),
    special: fc.constant([]),
  })
}
