import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  chatNames,
  geminiNames,
  messagesNames,
  responsesNames,
  TargetNames,
} from '../../../src/protocols/translation/tool-target-names.ts'

const long = `mcp__github__${'create_pull_request_review_comment_'.repeat(2)}`

describe('the name of a tool at a backend', () => {
  it('is the client’s where it fits', () => {
    const names = new TargetNames(messagesNames)
    expect(names.of(long)).toBe(long)
    expect(names.original).toEqual(Object.create(null))
  })

  it('is cut with a hash where it is too long, and leads back', () => {
    const names = new TargetNames(chatNames)
    const short = names.of(long)
    expect(short).toMatch(/^mcp__github__create_pull_request_review_comment_[a-z_]+_[0-9a-f]{8}$/)
    expect(short).toHaveLength(64)
    expect(names.original[short]).toBe(long)
    expect(new TargetNames(chatNames).of(long)).toBe(short)
  })

  it('differs for names that begin alike', () => {
    const names = new TargetNames(chatNames)
    expect(names.of(`${long}a`)).not.toBe(names.of(`${long}b`))
  })

  it.each(Object.entries({ chatNames, responsesNames, messagesNames, geminiNames }))(
    'fits %s, whatever the client calls it',
    (_name, rule) => {
      fc.assert(
        fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }), (name) => {
          const names = new TargetNames(rule)
          const sent = names.of(name)
          expect(sent).toMatch(rule.pattern)
          expect(names.original[sent] ?? sent).toBe(name)
        }),
      )
    },
  )
})
