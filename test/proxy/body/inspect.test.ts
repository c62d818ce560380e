import { describe, expect, it } from 'vitest'
import { inspectBody } from '../../../src/proxy/body/inspect.ts'

const inspect = (text: string) => inspectBody('openai-chat', Buffer.from(text))

describe('a body that cannot be read', () => {
  it.each([
    ['', 'bad_json', 'empty'],
    ['{"model":', 'bad_json', 'not JSON'],
    ['\ufeff{}', 'bad_json', 'not JSON'],
    ['[1]', 'bad_request', 'not an object'],
    ['null', 'bad_request', 'not an object'],
    ['"model"', 'bad_request', 'not an object'],
    ['{"model":"a","mod\\u0065l":"b"}', 'duplicate_model', 'two "model" keys'],
    [`{"a":${'['.repeat(200)}${']'.repeat(200)}}`, 'too_deep', '201 levels'],
    [`{"a":${'['.repeat(300_000)}${']'.repeat(300_000)}}`, 'too_deep', 'at most 200'],
  ])('is refused: %.30s… is %s', (text, code, words) => {
    expect(() => inspect(text)).toThrow(
      expect.objectContaining({ code, status: 400, message: expect.stringContaining(words) }),
    )
  })

  it('does not put the body’s text into the error', () => {
    expect(() => inspect('{"secret-word" oops}')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret-word') }),
    )
  })
})

describe('what an inspection says', () => {
  it('has the places of what may have to change', () => {
    const text = '{"model":"m","stream_options":{"a":1},"session_id":"s","stream":true}'
    const { model, streamOptions, sessionId, facts, objectEnd } = inspect(text)
    expect(text.slice(model?.valueStart, model?.valueEnd)).toBe('"m"')
    expect(streamOptions?.value).toEqual({ a: 1 })
    expect(sessionId?.value).toBe('s')
    expect(facts).toMatchObject({ model: 'm', stream: true, asksForUsage: false })
    expect(text[objectEnd]).toBe('}')
  })

  it('accepts 200 levels', () => {
    expect(inspect(`{"model":"m","a":${'['.repeat(199)}${']'.repeat(199)}}`).facts.model).toBe('m')
  })

  it('takes __proto__ as a key like any other', () => {
    const { facts } = inspect('{"__proto__":{"model":"evil","stream":true}}')
    expect(facts).toMatchObject({ model: null, stream: false })
    expect({}).not.toHaveProperty('stream')
  })

  it('counts options that are no object as none', () => {
    expect(inspect('{"model":"m","stream_options":[1]}').streamOptions?.value).toBeNull()
    expect(inspect('{"model":"m"}').streamOptions).toBeNull()
  })
})
