import { describe, expect, it } from 'vitest'
import type { Call } from '../../../src/core/call.ts'
import { ProxyError } from '../../../src/core/errors.ts'
import { protocolNames } from '../../../src/core/protocol-name.ts'
import { protocolNamed } from '../../../src/protocols/index.ts'
import { readCorpus } from '../../support/corpus.ts'

const recorded = readCorpus().flatMap(({ id, protocol, misc, request }) =>
  request && misc === null && Object.keys(request.body).length > 0
    ? [{ id, protocol, body: request.body }]
    : [],
)

describe.skipIf(recorded.length === 0)('every recorded request', () => {
  it('is understood or refused with words, and said to every other protocol the same each time', () => {
    const refused: string[] = []
    let said = 0
    for (const { id, protocol, body } of recorded) {
      const call = decoded(id, protocol, body)
      if (call instanceof ProxyError) {
        refused.push(`${id}: ${call.message}`)
        continue
      }
      for (const other of protocolNames) {
        if (other === protocol) continue
        said++
        const encode = (from: Call) =>
          protocolNamed(other).encodeRequest(from, { backendType: 'vllm', model: 'm', askForUsage: true })
        const once = encode(call)
        expect(JSON.stringify(encode(structuredClone(call)))).toBe(JSON.stringify(once))
        const again = protocolNamed(other).decodeRequest(once.body, { model: 'm', stream: false })
        expect(missingWords(call, again, once.body), `${id} → ${other}`).toEqual([])
      }
    }
    console.log(`corpus: ${recorded.length} requests said ${said} times, ${refused.length} refused`)
    expect(refused.every((words) => words.includes('"'))).toBe(true)
    expect(refused.length).toBeLessThan(recorded.length / 50)
  })
})

function decoded(
  id: string,
  protocol: (typeof protocolNames)[number],
  body: (typeof recorded)[number]['body'],
) {
  try {
    return protocolNamed(protocol).decodeRequest(body, { model: 'm', stream: false })
  } catch (error) {
    if (error instanceof ProxyError) return error
    throw new Error(`${id} made the decoder throw`, { cause: error })
  }
}

/** Texts of the user and of instructions, and names of tools, that are nowhere in what was said. */
function missingWords(call: Call, again: Call, body: object): string[] {
  const spoken = (from: Call) =>
    from.messages.flatMap(({ role, parts }) =>
      role === 'assistant' ? [] : parts.flatMap((part) => (part.type === 'text' ? [part.text.trim()] : [])),
    )
  const all = spoken(again).join('\n')
  // Where no list of allowed tools is known only those are offered.
  const offered = call.toolChoice?.type === 'allowed' ? [] : call.tools
  const tools = offered.flatMap(({ type, name }) => (type === 'server' ? [] : [name]))
  const text = JSON.stringify(body)
  return [
    ...spoken(call).filter((words) => !all.includes(words)),
    ...tools.filter((name) => name.length <= 64 && /^[\w-]+$/.test(name) && !text.includes(name)),
  ]
}
