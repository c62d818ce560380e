import { describe, expect, it } from 'vitest'
import { aBackend } from '../support/a-backend.ts'
import { aRouter, leftOut, tried } from './planning.ts'

const backends = [aBackend('groq'), aBackend('mistral'), aBackend('xai')]
const selector = 'groq:a|mistral:b|xai:c'

describe('what a plan leaves out', () => {
  it('keeps the order of those left and names the rest with reasons', () => {
    const { plan, world } = aRouter(backends)
    world.faults = { groq: 'misconfigured', 'xai:c': 'excluded_model' }
    expect(tried(plan(selector))).toEqual(['mistral:b'])
    expect(leftOut(plan(selector))).toEqual(['groq:a misconfigured', 'xai:c excluded_model'])
    expect(plan(selector).fallbackUsed).toBe(false)
  })

  it('asks the access key before health', () => {
    const { plan, world } = aRouter([...backends, aBackend('anthropic')])
    world.forbidden = ['groq:a']
    world.faults = { groq: 'open', anthropic: 'open' }
    expect(leftOut(plan('groq:a|anthropic:x|xai:c'))).toEqual(['groq:a not_allowed', 'anthropic:x open'])
  })
})

describe('the safety fallback', () => {
  it('tries what only monitoring left out, in order, when nothing is usable', () => {
    const { plan, world } = aRouter(backends)
    world.faults = { groq: 'open', mistral: 'cooldown', xai: 'endpoint_unhealthy' }
    expect(plan(selector).fallbackUsed).toBe(true)
    expect(tried(plan(selector))).toEqual(['groq:a', 'xai:c'])
    expect(leftOut(plan(selector))).toEqual(['mistral:b cooldown'])
  })

  it.each(['cooldown', 'misconfigured', 'no_credential', 'excluded_model', 'full'] as const)(
    'never tries a target that is out for %s',
    (reason) => {
      const { plan, world } = aRouter(backends)
      world.faults = { groq: reason, mistral: reason, xai: reason }
      expect(plan(selector)).toMatchObject({ targets: [], fallbackUsed: false })
    },
  )

  it('never tries a target that the access key may not use', () => {
    const { plan, world } = aRouter(backends)
    world.forbidden = ['groq:a']
    world.faults = { groq: 'open' }
    expect(tried(plan('groq:a'))).toEqual([])
  })

  it('waits for a full target rather than going past it', () => {
    const { plan, world } = aRouter(backends)
    world.faults = { groq: 'full', mistral: 'open', xai: 'open' }
    expect(plan(selector)).toMatchObject({ targets: [], fallbackUsed: false })
  })
})
