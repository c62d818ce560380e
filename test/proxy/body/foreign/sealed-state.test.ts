import { describe, expect, it } from 'vitest'
import { fitHistory } from '../../../../src/proxy/body/foreign/fit-history.ts'

/** base64 of `llmproxy/v1/["openai-responses","gpt-5","encrypted","abc"]`. */
const seal = Buffer.from('llmproxy/v1/["openai-responses","gpt-5","encrypted","abc"]').toString('base64')

const noneForeign = { turns: false, states: false }

function cleaned(body: object): unknown {
  return JSON.parse(fitHistory(Buffer.from(JSON.stringify(body)), 'openai-chat', noneForeign).toString())
}

describe('a request with reasoning state that this proxy sealed', () => {
  it('is the same buffer when there is none', () => {
    const bytes = Buffer.from('{"messages":[{"signature":"EqQB"}],  "n":1e0}')
    expect(fitHistory(bytes, 'openai-chat', noneForeign)).toBe(bytes)
  })

  it('loses the thinking blocks of Messages, and turns of which nothing else is left', () => {
    const body = {
      messages: [
        { role: 'user', content: 'hi' },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'hm', signature: seal },
            { type: 'redacted_thinking', data: seal },
            { type: 'thinking', thinking: 'own', signature: 'EqQB' },
            { type: 'text', text: 'hello' },
          ],
        },
        { role: 'assistant', content: [{ type: 'redacted_thinking', data: seal }] },
        { role: 'user', content: [] },
      ],
    }
    expect(cleaned(body)).toEqual({
      messages: [
        { role: 'user', content: 'hi' },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'own', signature: 'EqQB' },
            { type: 'text', text: 'hello' },
          ],
        },
        { role: 'user', content: [] },
      ],
    })
  })

  it('loses the reasoning items of Responses', () => {
    const call = { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' }
    const own = { type: 'reasoning', summary: [], encrypted_content: 'gAAAA' }
    const body = { input: [{ type: 'reasoning', summary: [], encrypted_content: seal }, call, own] }
    expect(cleaned(body)).toEqual({ input: [call, own] })
  })

  it('loses the signatures of Gemini’s parts, not the parts', () => {
    const body = {
      contents: [
        {
          role: 'model',
          parts: [
            { functionCall: { name: 'f', args: {} }, thoughtSignature: seal },
            { text: '', thoughtSignature: seal },
          ],
        },
      ],
    }
    expect(cleaned(body)).toEqual({
      contents: [{ role: 'model', parts: [{ functionCall: { name: 'f', args: {} } }] }],
    })
  })

  it('loses chat’s reasoning details', () => {
    const message = { role: 'assistant', content: 'x' }
    const details = [{ type: 'reasoning.encrypted', data: seal }]
    expect(cleaned({ messages: [{ ...message, reasoning_details: details }] })).toEqual({
      messages: [{ ...message, reasoning_details: [] }],
    })
  })
})
