import { describe, expect, it } from 'vitest'
import { createSessionAnswers } from '../../../src/proxy/sessions/session-answers.ts'

const asked = (backendType: string) => ({ backendType, isTranslated: false, isOurChoice: false })
const chosen = (backendType: string) => ({ backendType, isTranslated: false, isOurChoice: true })
const nothing = { turns: false, states: false }
const everything = { turns: true, states: true }

describe('who answered a session', () => {
  it('is nothing to its only provider', () => {
    const answers = createSessionAnswers()
    answers.note('s', asked('anthropic'))
    expect(answers.foreignTo('s', asked('anthropic'))).toEqual(nothing)
    expect(answers.foreignTo('other', asked('anthropic'))).toEqual(nothing)
    expect(answers.foreignTo(null, asked('anthropic'))).toEqual(nothing)
  })

  it('leaves turns without state behind where it was translated', () => {
    const answers = createSessionAnswers()
    answers.note('s', asked('anthropic'))
    answers.note('s', { ...chosen('openai'), isTranslated: true })
    expect(answers.foreignTo('s', asked('anthropic'))).toEqual({ turns: true, states: false })
  })

  it('leaves another’s state behind where we chose another provider of the protocol, to both of them', () => {
    const answers = createSessionAnswers()
    answers.note('s', asked('anthropic'))
    expect(answers.foreignTo('s', chosen('deepseek'))).toEqual(everything)
    answers.note('s', chosen('deepseek'))
    expect(answers.foreignTo('s', chosen('deepseek'))).toEqual(everything)
    expect(answers.foreignTo('s', asked('anthropic'))).toEqual(everything)
  })

  it('is the client’s own affair where the client asked several', () => {
    const answers = createSessionAnswers()
    answers.note('s', asked('groq'))
    answers.note('s', asked('mistral'))
    expect(answers.foreignTo('s', asked('groq'))).toEqual(nothing)
  })

  it('is nothing to the other provider while that alone has answered, whoever chose it', () => {
    const answers = createSessionAnswers()
    answers.note('s', chosen('deepseek'))
    expect(answers.foreignTo('s', chosen('deepseek'))).toEqual(nothing)
  })

  it('may be anybody’s before our time', () => {
    expect(createSessionAnswers().foreignTo('s', chosen('deepseek'))).toEqual(everything)
  })

  it('is remembered for a bounded number of sessions', () => {
    const answers = createSessionAnswers(2)
    for (const session of ['a', 'b', 'c']) answers.note(session, { ...asked('openai'), isTranslated: true })
    expect(answers.foreignTo('a', asked('anthropic')).turns).toBe(false)
    expect(answers.foreignTo('c', asked('anthropic')).turns).toBe(true)
  })
})
