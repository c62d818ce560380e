import { describe, expect, it } from 'vitest'
import { explainEmpty } from '../../src/routing/explain-empty.ts'
import { aBackend } from '../support/a-backend.ts'
import { aRouter, type Faults } from './planning.ts'

const nowMs = 1_000_000
const backends = [aBackend('groq'), aBackend('mistral')]

function explain(faults: Faults, model = 'groq:a|mistral:b') {
  const { plan, world } = aRouter(backends)
  world.faults = faults
  return explainEmpty(plan(model), nowMs)
}

describe('explainEmpty', () => {
  it.each([
    ['no_credential', 'no_credential', 401],
    ['misconfigured', 'provider_key_refused', 502],
    ['cooldown', 'backend_limited', 429],
    ['full', 'backend_limited', 429],
    ['excluded_model', 'unknown_model', 404],
    ['no_price', 'price_missing', 403],
  ] as const)('answers %s with %s (%i) and says which target and why', (reason, code, status) => {
    const error = explain({ groq: reason, mistral: reason })
    expect(error).toMatchObject({ code, status })
    expect(error.message).toContain(`groq:a: it is ${reason}; mistral:b: it is ${reason}`)
  })

  it('gives the earliest time at which trying again may help', () => {
    const error = explain({
      groq: { reason: 'cooldown', retryAtMs: nowMs + 9_000 },
      mistral: { reason: 'cooldown', retryAtMs: nowMs + 4_000 },
    })
    expect(error.retryAfterMs).toBe(4_000)
  })

  it('never gives a time in the past, nor one that nobody knows', () => {
    const past = { reason: 'cooldown', retryAtMs: nowMs - 5_000 } as const
    expect(explain({ groq: past, mistral: 'no_credential' }).retryAfterMs).toBe(0)
    expect(explain({ groq: 'cooldown', mistral: 'cooldown' }).retryAfterMs).toBeNull()
  })

  it('prefers the reason that passes by itself', () => {
    expect(explain({ groq: 'no_credential', mistral: 'cooldown' }).code).toBe('backend_limited')
    expect(explain({ groq: 'no_credential', mistral: 'misconfigured' }).code).toBe('provider_key_refused')
  })

  it('says that the access key may not use the model', () => {
    const { plan, world } = aRouter(backends)
    world.forbidden = ['groq:a']
    const error = explainEmpty(plan('groq:a'), nowMs)
    expect(error).toMatchObject({ code: 'model_refused', status: 403, param: 'model' })
    expect(error.message).toMatch(/groq:a.*access key/)
  })

  it('names the nearest backend when nothing takes the model', () => {
    const error = explain({}, 'grok:a')
    expect(error).toMatchObject({ code: 'unknown_model', status: 404, param: 'model' })
    expect(error.message).toMatch(/"grok:a".*did you mean groq\?/)
  })

  it('says how to name a backend when nothing takes a bare model', () => {
    expect(explain({}, 'some-model').message).toMatch(/groq:MODEL \(groq, mistral\).*default_backend/)
  })

  it('has a next step even without any backend', () => {
    const error = explainEmpty(aRouter([]).plan('x'), nowMs)
    expect(error.message).toBe(
      'no backend takes the model "x"; set default_backend, or add a backend to the configuration',
    )
  })
})
