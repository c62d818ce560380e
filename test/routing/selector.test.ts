import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ProxyError } from '../../src/core/errors.ts'
import { parseSelector } from '../../src/routing/selector.ts'

const isBackend = (name: string) => ['openai', 'openai.eu', 'ollama'].includes(name)
const parse = (text: string) => parseSelector(text, isBackend)

describe('parseSelector', () => {
  it.each([
    ['openai:gpt-4o', 'openai', 'gpt-4o'],
    ['openai.eu:gpt-4o', 'openai.eu', 'gpt-4o'],
    ['openai:ft:gpt-4o:org::id', 'openai', 'ft:gpt-4o:org::id'],
    ['ollama:llama3:8b', 'ollama', 'llama3:8b'],
    ['openai:meta/llama:free', 'openai', 'meta/llama:free'],
  ])('reads %s as a backend and a model', (text, backendName, model) => {
    expect(parse(text)).toMatchObject([{ backendName, model, unknownName: null }])
  })

  it.each(['gpt-4o', 'llama3:8b', 'openai/gpt-4o', 'openai/gpt:free', ':odd', 'OpenAI:gpt-4o', 'openai'])(
    'takes %s for a model',
    (text) => {
      expect(parse(text)).toMatchObject([{ backendName: null, model: text }])
    },
  )

  it('reads failover in the order written, with or without spaces', () => {
    const expected = [
      ['openai', 'a'],
      [null, 'b'],
      ['ollama', 'c:7b'],
    ]
    for (const text of ['openai:a|b|ollama:c:7b', 'openai:a | b |ollama:c:7b']) {
      expect(parse(text).map((part) => [part.backendName, part.model])).toEqual(expected)
    }
  })

  it('remembers where each part stands and which name it did not know', () => {
    expect(parse('openai:a| opnai:b')).toMatchObject([{ at: 0 }, { at: 10, unknownName: 'opnai' }])
  })

  it.each([
    ['openai:gpt-4o||ollama:x', 15],
    ['|openai:x', 1],
    ['openai:x|', 10],
    ['openai:', 8],
    ['ollama:x|openai:', 17],
    ['ollama:x|openai:|a', 17],
  ])('points at the fault in %s', (text, character) => {
    const error = thrownBy(() => parse(text))
    expect(error).toMatchObject({ code: 'bad_selector', status: 400, param: 'model' })
    const [first, shown, caret] = error.message.split('\n')
    expect(first).toContain(`at character ${character}:`)
    expect(shown).toBe(`  ${text}`)
    expect(caret?.indexOf('^')).toBe(character + 1)
  })

  it('shows control characters as symbols', () => {
    expect(thrownBy(() => parse('a\u001b[2J||b')).message).not.toContain('\u001b')
  })

  it('never loses or invents a model, whatever stands in the name', () => {
    const word = fc.string({ minLength: 1 }).filter((text) => !text.includes('|') && text.trim() !== '')
    fc.assert(
      fc.property(fc.array(word, { minLength: 2, maxLength: 5 }), (models) => {
        const selector = models.map((model) => `openai:${model.trim()}`).join('|')
        expect(parse(selector).map((part) => part.model)).toEqual(models.map((model) => model.trim()))
      }),
    )
  })

  it('throws nothing but ProxyErrors on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('|', ':', '/', ' ', 'a', 'openai', '\n') }), (text) => {
        try {
          expect(parse(text).length).toBe(text.split('|').length)
        } catch (error) {
          expect(error).toBeInstanceOf(ProxyError)
        }
      }),
    )
  })
})

function thrownBy(run: () => unknown): ProxyError {
  try {
    run()
  } catch (error) {
    if (error instanceof ProxyError) return error
  }
  throw new Error('nothing was thrown')
}
