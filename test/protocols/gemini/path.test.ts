import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ProxyError } from '../../../src/core/errors.ts'
import { geminiPath } from '../../../src/protocols/gemini/path.ts'

describe('geminiPath', () => {
  it.each([
    ['gemini-2.5-flash', '/v1beta/models/gemini-2.5-flash:generateContent'],
    ['models/gemini-2.5-flash', '/v1beta/models/gemini-2.5-flash:generateContent'],
    ['publishers/google/models/x', '/v1beta/models/publishers/google/models/x:generateContent'],
    ['a b?c#d:e', '/v1beta/models/a%20b%3Fc%23d%3Ae:generateContent'],
  ])('%s', (model, path) => {
    expect(geminiPath(model, 'generateContent')).toBe(path)
  })

  it.each(['..', 'a/../b', 'a//b', '', '.', '/a'])('refuses %j, which would be another path', (model) => {
    expect(() => geminiPath(model, 'generateContent')).toThrow(ProxyError)
  })

  it('names every model so that a server reads back the same', () => {
    const segment = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((s) => !/[/]/.test(s) && s !== '.' && s !== '..')
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 4 }), (segments) => {
        fc.pre(segments[0] !== 'models')
        const model = segments.join('/')
        const { pathname, search, hash } = new URL(geminiPath(model, 'countTokens'), 'https://x.test')
        expect(search + hash).toBe('')
        const sent = pathname.slice('/v1beta/models/'.length, pathname.lastIndexOf(':'))
        expect(decodeURIComponent(sent)).toBe(model)
      }),
    )
  })
})
