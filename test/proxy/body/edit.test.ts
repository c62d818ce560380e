import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BodyEdits, editBody } from '../../../src/proxy/body/edit.ts'
import { inspectBody } from '../../../src/proxy/body/inspect.ts'
import { asParsed, type WrittenObject, writtenObject } from './json-text.ts'

const untouched: BodyEdits = { model: null, askForUsage: false }

function edited(text: string, edits: Partial<BodyEdits>): string {
  const bytes = Buffer.from(text)
  return editBody(bytes, inspectBody('openai-chat', bytes), { ...untouched, ...edits }).toString()
}

/** Objects that every parser understands in one way: a model, and no key of interest twice. */
const clearObject = writtenObject.filter(
  ({ members }) =>
    new Set(members.map(({ key }) => key)).size === members.length &&
    members.some(({ key, valueText }) => key === 'model' && valueText.startsWith('"')),
)
const withModel = fc
  .tuple(writtenObject, fc.constantFrom('{"model":"m",', '{ "mod\\u0065l" : "\\u006d" ,\n'))
  .map(([object, start]): WrittenObject => {
    const rest = object.text.trimStart().slice(1)
    const isEmpty = object.members.length === 0
    return {
      text: isEmpty ? `${start.trimEnd().slice(0, -1)}${rest}` : start + rest,
      members: [{ key: 'model', valueText: '"m"' }, ...object.members],
    }
  })
  .filter(({ members }) => new Set(members.map(({ key }) => key)).size === members.length)
const anyClear = fc.oneof(clearObject, withModel)

function parsed(text: string): Map<string, unknown> {
  return new Map(Object.entries(JSON.parse(text) as object))
}

describe('an edited body', () => {
  it('has the new model and nothing else changed, byte for byte', () => {
    fc.assert(
      fc.property(anyClear, fc.string({ unit: 'binary', maxLength: 8 }), ({ text, members }, model) => {
        const body = members.filter(({ key }) => key !== 'session_id')
        fc.pre(body.length === members.length)
        const result = edited(text, { model })
        expect(parsed(result)).toEqual(asParsed(members).set('model', model))
        const written = JSON.stringify(model)
        const at = result.indexOf(written, commonPrefix(text, result) - written.length)
        expect(at).toBeGreaterThan(0)
        // Without the two model values, what stands before and after is the same text.
        const before = commonPrefix(text, result)
        const after = commonSuffix(text.slice(before), result.slice(before))
        const gone = text.slice(before, text.length - after)
        const old = members.find(({ key }) => key === 'model')?.valueText ?? ''
        expect(Math.max(gone.length, result.length - before - after)).toBeLessThanOrEqual(
          Math.max(old.length, written.length, '"\\u006d"'.length),
        )
      }),
      { numRuns: 200 },
    )
  })

  it('asks for usage, keeps the other options, and changes no other value', () => {
    fc.assert(
      fc.property(anyClear, ({ text, members }) => {
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
      fc.property(anyClear, ({ text, members }) => {
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

function commonPrefix(a: string, b: string): number {
  let at = 0
  while (at < Math.min(a.length, b.length) && a[at] === b[at]) at++
  return at
}

function commonSuffix(a: string, b: string): number {
  let at = 0
  while (at < Math.min(a.length, b.length) && a[a.length - 1 - at] === b[b.length - 1 - at]) at++
  return at
}
