// What clients say and models answer in a generated capture, in no protocol's words.
import { prose } from '../../../test/capture/dedup/prose.ts'

/** How many characters of an answer a provider puts into one event. */
const pieceCharacters = {
  'openai-chat': [3, 9],
  'openai-responses': [3, 9],
  'anthropic-messages': [8, 30],
  gemini: [20, 80],
}

const toolNames = ['read_file', 'write_file', 'run_command', 'search', 'list_folder', 'apply_patch']
const charactersPerToken = 4.6

/** A conversation that grows: an agent with tools, or a chat. */
export class Conversation {
  turn = 0
  #cachedTokens = 0
  #calledTool = null

  constructor({ isAgent, random }) {
    this.isAgent = isAgent
    this.random = random
    const system = prose(isAgent ? 10_000 + random(14_000) : 300, random)
    this.messages = [{ role: 'system', parts: [text(system)] }]
    this.tools = isAgent ? toolNames.map((name) => tool(name, random)) : []
  }

  /** The next request, in full. */
  ask(model, stream) {
    this.turn++
    this.messages.push(this.#calledTool === null ? this.#question() : this.#result(this.#calledTool))
    return { ...emptyCall, model, stream, messages: [...this.messages], tools: this.tools }
  }

  /** What is answered: events, each as a provider of this protocol would put it into one piece. */
  answer(protocol, model) {
    const { random } = this
    const pieces = 50 + random(random(4) === 0 ? 450 : 150)
    const [least, most] = pieceCharacters[protocol]
    const said = prose(Math.floor((pieces * (least + most)) / 2), random)
    const events = [{ type: 'start', id: `r_${random(2 ** 31).toString(36)}`, model }]
    for (let at = 0; at < said.length; ) {
      const to = at + least + random(most - least)
      events.push({ type: 'text', text: said.slice(at, to) })
      at = to
    }
    const calls = this.isAgent && random(3) > 0
    const args = calls ? JSON.stringify({ path: `src/${random(400)}.ts`, content: prose(200, random) }) : ''
    const call = calls
      ? { id: `call_${random(2 ** 31).toString(36)}`, name: toolNames[random(toolNames.length)] }
      : null
    if (call) {
      events.push({ type: 'tool_call', index: 0, ...call, arguments: '' })
      for (let at = 0; at < args.length; at += most) {
        events.push({ type: 'tool_call', index: 0, arguments: args.slice(at, at + most) })
      }
    }
    events.push({ type: 'usage', usage: this.#usage(said.length + args.length) })
    events.push({ type: 'end', reason: call ? 'tool' : 'stop', raw: '' })
    this.#calledTool = call
    this.messages.push({
      role: 'assistant',
      parts: [text(said), ...(call ? [{ type: 'tool_call', ...call, arguments: args }] : [])],
    })
    return events
  }

  /** It got no answer: the same is asked again. */
  failed() {
    this.messages.pop()
  }

  #usage(characters) {
    const promptTokens = Math.ceil(JSON.stringify(this.messages).length / charactersPerToken)
    const cachedTokens = this.#cachedTokens
    this.#cachedTokens = promptTokens
    const completionTokens = Math.ceil(characters / charactersPerToken)
    return { promptTokens, cachedTokens, completionTokens, totalTokens: promptTokens + completionTokens }
  }

  #question() {
    return { role: 'user', parts: [text(prose(100 + this.random(1_500), this.random))] }
  }

  #result({ id, name }) {
    const content = [text(prose(300 + this.random(6_000), this.random))]
    return { role: 'user', parts: [{ type: 'tool_result', callId: id, name, content, isError: false }] }
  }
}

function text(words) {
  return { type: 'text', text: words }
}

function tool(name, random) {
  const properties = {
    path: { type: 'string' },
    content: { type: 'string', description: prose(120, random) },
  }
  return {
    ...{ type: 'function', name, description: prose(400, random), strict: null },
    parameters: { type: 'object', properties, required: ['path'] },
  }
}

const emptyCall = {
  ...{ toolChoice: null, parallelToolCalls: null, output: null, maxOutputTokens: 8_192, temperature: null },
  ...{ topP: null, topK: null, seed: null, frequencyPenalty: null, presencePenalty: null, stop: [] },
  ...{ choices: null, logprobs: null, reasoning: null, verbosity: null, userId: null, metadata: null },
  ...{ serviceTier: null, store: null, promptCacheKey: null, usageAsked: true, previousResponseId: null },
  special: [],
}
