import { describe, expect, it } from 'vitest'
import { createSessionAnswers, sessionKey } from '../../../src/proxy/sessions/session-answers.ts'

describe('who answered a session', () => {
  it('is nothing to its only provider', () => {
    const answers = createSessionAnswers()
    answers.note('s', 'anthropic', false)
    expect(answers.foreignTo('s', 'anthropic')).toEqual({ turns: false, states: false })
    expect(answers.foreignTo('other', 'anthropic')).toEqual({ turns: false, states: false })
    expect(answers.foreignTo(null, 'anthropic')).toEqual({ turns: false, states: false })
  })

  it('leaves turns without state behind where it was translated', () => {
    const answers = createSessionAnswers()
    answers.note('s', 'anthropic', false)
    answers.note('s', 'openai', true)
    expect(answers.foreignTo('s', 'anthropic')).toEqual({ turns: true, states: false })
  })

  it('leaves another’s state behind where two providers of one protocol answered, to both of them', () => {
    const answers = createSessionAnswers()
    answers.note('s', 'deepseek', false)
    expect(answers.foreignTo('s', 'anthropic')).toEqual({ turns: true, states: true })
    answers.note('s', 'anthropic', false)
    expect(answers.foreignTo('s', 'deepseek')).toEqual({ turns: true, states: true })
  })

  it('remembers a bounded number of sessions', () => {
    const answers = createSessionAnswers(2)
    for (const session of ['a', 'b', 'c']) answers.note(session, 'openai', true)
    expect(answers.foreignTo('a', 'anthropic').turns).toBe(false)
    expect(answers.foreignTo('c', 'anthropic').turns).toBe(true)
  })

  it('belongs to a session with its credential', () => {
    expect(sessionKey({ id: 's' }, { hash: 'h' })).not.toBe(sessionKey({ id: 's' }, null))
    expect(sessionKey(null, { hash: 'h' })).toBeNull()
  })
})
