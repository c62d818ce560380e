import { isObject, type Json, type JsonObject } from '../../core/json.ts'

/** A member of a request or an answer that may differ without anything being different. */
export interface VolatileField {
  name: string
  of: 'request' | 'answer'
  /** `top`: of the body's own object only; else wherever it stands. */
  at: 'top' | 'anywhere'
  /** Dropped; or an id, which is renamed in the order of appearance, so that it must still refer to the same. */
  as: 'dropped' | 'renamed'
  reason: string
}

const dropped =
  (of: VolatileField['of'], at: VolatileField['at'], reason: string) =>
  (...names: string[]): VolatileField[] =>
    names.map((name) => ({ name, of, at, as: 'dropped', reason }))

const renamed =
  (of: VolatileField['of'], reason: string) =>
  (...names: string[]): VolatileField[] =>
    names.map((name) => ({ name, of, at: 'anywhere', as: 'renamed', reason }))

/**
 * Ignored at every level but `bytes`; `reference/capture-and-replay.md` §5, "Matching" for requests and "Verification
 * levels" for answers. Adding one is a line here.
 */
export const volatileFields: readonly VolatileField[] = [
  ...dropped('request', 'top', 'names the person, not what is asked')(
    'user',
    'safety_identifier',
    'metadata',
  ),
  ...dropped('request', 'top', 'where the answer is cached does not change it')('prompt_cache_key'),
  ...dropped('request', 'top', 'how usage is told does not change the answer')('stream_options'),
  ...dropped('request', 'anywhere', 'what is cached does not change the answer')('cache_control'),
  ...renamed('request', 'made anew with each answer')('id', 'call_id', 'tool_call_id', 'tool_use_id'),
  ...renamed('request', 'made anew with each answer')('previous_response_id'),
  ...dropped(
    'request',
    'anywhere',
    "the provider's own seal, new with each answer",
  )(...['signature', 'encrypted_content', 'thoughtSignature', 'thought_signature']),
  ...renamed(
    'answer',
    'made anew with each answer',
  )(...['id', 'item_id', 'call_id', 'response_id', 'responseId', 'request_id']),
  ...dropped(
    'answer',
    'anywhere',
    'the time of the answer',
  )(...['created', 'created_at', 'completed_at', 'createTime']),
  ...dropped('answer', 'anywhere', 'which machine answered')('system_fingerprint'),
  ...dropped('answer', 'anywhere', 'padding against eavesdroppers, at random')('obfuscation', 'padding'),
  ...dropped('answer', 'anywhere', 'where an event stands is its place in the stream')('sequence_number'),
  ...dropped(
    'answer',
    'anywhere',
    "the provider's own seal, new with each answer",
  )(...['signature', 'encrypted_content', 'thoughtSignature', 'thought_signature']),
]

const tables = {
  request: new Map(volatileFields.filter(({ of }) => of === 'request').map((field) => [field.name, field])),
  answer: new Map(volatileFields.filter(({ of }) => of === 'answer').map((field) => [field.name, field])),
}

/** Members whose content is the user's own: a tool's argument named `id` is no id of a provider's. */
const ownContent = new Set([
  ...['args', 'arguments', 'parameters', 'parametersJsonSchema', 'partialArgs'],
  ...['input_schema', 'schema', 'responseSchema', 'responseJsonSchema', 'response_schema'],
])

/** A body without what is volatile. Several values, such as a stream's events, share their ids' new names. */
export function withoutVolatile(of: VolatileField['of']): (json: Json) => Json {
  const cleaning = new Cleaning(tables[of])
  return (json) => cleaning.clean(json, true)
}

class Cleaning {
  readonly #table: ReadonlyMap<string, VolatileField>
  readonly #names = new Map<string, string>()

  constructor(table: ReadonlyMap<string, VolatileField>) {
    this.#table = table
  }

  clean(value: Json, isTop: boolean): Json {
    if (Array.isArray(value)) return value.map((element) => this.clean(element, false))
    if (!isObject(value)) return value
    const kept: JsonObject = Object.create(null)
    for (const [name, member] of Object.entries(value)) {
      const as = this.#asOf(name, isTop)
      if (member === undefined || as === 'dropped') continue
      kept[name] =
        as === 'renamed' && typeof member === 'string'
          ? this.#rename(member)
          : this.#member(name, member, value)
    }
    return kept
  }

  #asOf(name: string, isTop: boolean): VolatileField['as'] | null {
    const field = this.#table.get(name)
    return field && (isTop || field.at === 'anywhere') ? field.as : null
  }

  #member(name: string, member: Json, holder: JsonObject): Json {
    return isOwn(name, member, holder) ? member : this.clean(member, false)
  }

  #rename(id: string): string {
    const name = this.#names.get(id) ?? `id ${this.#names.size + 1}`
    this.#names.set(id, name)
    return name
  }
}

function isOwn(name: string, member: Json, holder: JsonObject): boolean {
  if (ownContent.has(name)) return true
  // Anthropic's calls have their arguments here, the Responses API its conversation.
  if (name === 'input') return isObject(member)
  // Gemini's results have theirs here, the Responses API its answer.
  return name === 'response' && typeof holder.name === 'string'
}
