import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BodyEdits, editBody } from '../../../src/proxy/body/edit.ts'
import { inspectBody } from '../../../src/proxy/body/inspect.ts'
import { asParsed, objectWith } from './json-text.ts'

const untouched: BodyEdits = { model: null, askForUsage: false }

function edited(text: string, edits: Partial<BodyEdits>): string {
  const bytes = Buffer.from(text)
  return editBody(bytes, inspectBody('openai-chat', bytes), { ...untouched, ...edits }).toString()
}

/** Objects that every parser understands in one way: a model, and no key of interest twice. */
const clearObject = objectWith('model').filter(
  ({ members }) =>
    new Set(members.map(({ key }) => key)).size === members.length &&
    members.some(({ key, valueText }) => key === 'model' && valueText.startsWith('"')),
)
function parsed(text: string): Map<string, unknown> {
  return new Map(Object.entries(JSON.parse(text) as object))
}

describe('an edited body', () => {
  it('has the new model and nothing else changed, byte for byte', () => {
    fc.assert(
      fc.property(clearObject, fc.string({ unit: 'binary', maxLength: 8 }), ({ text, members }, model) => {
        fc.pre(members.every(({ key }) => key !== 'session_id'))
        const old = members.find(({ key }) => key === 'model')
        const { valueAt = 0, valueText = '' } = old ?? {}
        const before = text.slice(0, valueAt)
        const after = text.slice(valueAt + valueText.length)
        const same = JSON.parse(valueText) === model
        expect(edited(text, { model })).toBe(same ? text : before + JSON.stringify(model) + after)
      }),
      { numRuns: 200 },
    )
  })

  it('asks for usage, keeps the other options, and changes no other value', () => {
    fc.assert(
      fc.property(clearObject, ({ text, members }) => {
        const original = asParsed(members)
        const options = original.get('stream_options')
        const kept = typeof options === 'object' && options !== null && !Array.isArray(options) ? options : {}
        const wanted = new Map<string, unknown>(original).set('stream_options', {
          ...kept,
          include_usage: true,
        })
        wanted.delete('session_id')
        expect(parsed(edited(text, { askForUsage: true }))).toEqual(wanted)
      }),
      { numRuns: 200 },
    )
  })

  it('has all of its changes at once', () => {
    fc.assert(
      fc.property(clearObject, ({ text, members }) => {
        const wanted = new Map<string, unknown>(asParsed(members)).set('model', 'other')
        wanted.delete('session_id')
        const result = parsed(edited(text, { model: 'other', askForUsage: true }))
        expect(result.get('stream_options')).toMatchObject({ include_usage: true })
        wanted.set('stream_options', result.get('stream_options'))
        expect(result).toEqual(wanted)
      }),
      { numRuns: 100 },
    )
  })

  it('is the same buffer when there is nothing to change', () => {
    const bytes = Buffer.from('{"model":"m"}')
    const inspected = inspectBody('openai-chat', bytes)
    expect(editBody(bytes, inspected, untouched)).toBe(bytes)
    expect(editBody(bytes, inspected, { ...untouched, model: 'm' })).toBe(bytes)
  })
})

describe('session_id', () => {
  it.each([
    ['first', '{ "session_id" : "s" , "model" : "m" }', '{ "model" : "m" }'],
    ['in the middle', '{"model":"m",\n "session_id":"s",\n "n":1}', '{"model":"m",\n "n":1}'],
    ['last', '{"model":"m" ,\n "session_id": {"a":[1,2]} }', '{"model":"m"  }'],
    ['alone', '{ "session_id" : "s" }', '{  }'],
    ['written with escapes', '{"session\\u005fid":"s","model":"m"}', '{"model":"m"}'],
  ])('is taken out where it stands %s', (_where, text, left) => {
    expect(edited(text, {})).toBe(left)
  })

  it.each([
    '{"session_id":"1","model":"m","session_id":"2"}',
    '{"model":"m","session_id":"1","session_id":"2"}',
    '{"session_id":"1","session_id":"2","model":"m"}',
    '{"session_id":"1" , "session_id":"2"}',
    '{"model":"m","session_id":"1","n":2,"session_id":"2","session_id":"3"}',
  ])('is taken out as often as it stands there: %s', (text) => {
    const { session_id: _, ...rest } = JSON.parse(text) as Record<string, unknown>
    const result = edited(text, {})
    expect(result).not.toContain('session_id')
    expect(JSON.parse(result)).toEqual(rest)
  })

  it('stays where it belongs to a nested object', () => {
    const text = '{"model":"m","metadata":{"session_id":"s"}}'
    expect(edited(text, {})).toBe(text)
  })
})

describe('stream_options', () => {
  it.each([
    [
      'an object with a number that JavaScript cannot hold',
      '{"model":"m","stream_options":{ "a": 12345678901234567890 }}',
      '{"model":"m","stream_options":{ "a": 12345678901234567890 ,"include_usage":true}}',
    ],
    [
      'an empty object',
      '{"stream_options":{ },"model":"m"}',
      '{"stream_options":{ "include_usage":true},"model":"m"}',
    ],
    ['absent', '{"model":"m"}', '{"model":"m","stream_options":{"include_usage":true}}'],
    ['null', '{"stream_options":null,"model":"m"}', '{"stream_options":{"include_usage":true},"model":"m"}'],
    [
      'an object',
      '{"stream_options": {"a":1} ,"model":"m"}',
      '{"stream_options": {"a":1,"include_usage":true} ,"model":"m"}',
    ],
    [
      'refused by the client',
      '{"stream_options":{"include_usage":false},"model":"m"}',
      '{"stream_options":{"include_usage":true},"model":"m"}',
    ],
  ])('get include_usage when they are %s', (_state, text, result) => {
    expect(edited(text, { askForUsage: true })).toBe(result)
  })
})
