import { describe, expect, it } from 'vitest'
import { aBackend } from '../support/a-backend.ts'
import { aRouter, leftOut, tried } from './planning.ts'

const presets = ['openai', 'anthropic', 'gemini'].map((name) => aBackend(name, { configured: false }))

describe('a model with no configuration', () => {
  it.each(['openai', 'anthropic', 'gemini'] as const)('reaches the own provider of a %s client', (as) => {
    const plan = aRouter(presets).plan('some-model', { as })
    expect(tried(plan)).toEqual([`${as}:some-model`])
    expect(plan.source).toBe('family')
  })

  it('keeps a name with a colon that names no backend', () => {
    expect(tried(aRouter(presets).plan('llama3:8b'))).toEqual(['openai:llama3:8b'])
  })

  it('goes untouched when the request names no model', () => {
    expect(aRouter(presets).plan(null).targets).toEqual([{ backend: presets[0], model: null }])
  })

  it('takes the first backend of the own type that speaks the protocol', () => {
    const backends = [aBackend('openai.chat', { protocols: ['openai-chat'] }), aBackend('openai.full')]
    const plan = aRouter(backends).plan('gpt', { protocol: 'openai-responses' })
    expect(tried(plan)).toEqual(['openai.full:gpt'])
  })
})

describe('a selector', () => {
  it('places the model where it says, before aliases, routes and lists', () => {
    const { plan, world } = aRouter([aBackend('groq'), ...presets], {
      aliases: [{ pattern: '*', replacement: 'groq:other' }],
      defaultBackend: 'groq',
    })
    world.lists = { groq: ['gpt-4o'] }
    expect(plan('openai:gpt-4o')).toMatchObject({ source: 'selector', fallbackUsed: false })
    expect(tried(plan('openai:gpt-4o'))).toEqual(['openai:gpt-4o'])
  })

  it('fails over in the order written and drops doubles', () => {
    const { plan } = aRouter([aBackend('groq'), ...presets])
    const asked = plan('groq:a|openai:b|groq:a|gpt-4o|openai:gpt-4o')
    expect(tried(asked)).toEqual(['groq:a', 'openai:b', 'openai:gpt-4o'])
  })

  it('points at a backend that is not there and names the nearest', () => {
    const { plan } = aRouter([aBackend('groq'), ...presets])
    expect(() => plan('groq:a|opnai:gpt-4o')).toThrow(/character 8: .*"opnai".*did you mean openai\?/)
  })

  it('accepts a model with a colon beside others when a backend lists it', () => {
    const { plan, world } = aRouter([aBackend('ollama'), ...presets])
    world.lists = { ollama: ['llama3:8b'] }
    expect(tried(plan('llama3:8b|openai:b'))).toEqual(['ollama:llama3:8b', 'openai:b'])
  })

  it('means the instances of a type, although the preset is always there', () => {
    const { plan } = aRouter([aBackend('openai.us'), aBackend('openai.eu'), ...presets])
    expect(tried(plan('openai:gpt-4o'))).toEqual(['openai.us:gpt-4o', 'openai.eu:gpt-4o'])
  })

  it('means the backend itself when somebody configured one of that name', () => {
    const { plan } = aRouter([aBackend('openai.us'), aBackend('openai')])
    expect(tried(plan('openai:gpt-4o'))).toEqual(['openai:gpt-4o'])
  })

  it('does not send a provider name to a stranger that only borrows its type', () => {
    const { plan } = aRouter([aBackend('corp', { type: 'openai' }), ...presets])
    expect(tried(plan('openai:gpt-4o'))).toEqual(['openai:gpt-4o'])
  })
})

describe('instances of a type', () => {
  const backends = [aBackend('openai.us'), aBackend('openai.eu'), aBackend('openai.ap')]

  it('come usable first, in configured order', () => {
    const { plan, world } = aRouter(backends)
    world.faults = { 'openai.us': 'cooldown' }
    expect(tried(plan('openai:m'))).toEqual(['openai.eu:m', 'openai.ap:m'])
    expect(leftOut(plan('openai:m'))).toEqual(['openai.us:m cooldown'])
  })

  it('keep a session where it is while that instance is usable', () => {
    const { plan, world } = aRouter(backends)
    const turn = (sessionKey: string) => tried(plan('openai:m', { sessionKey }))[0]
    world.faults = { 'openai.us': 'open' }
    expect(turn('s')).toBe('openai.eu:m')
    world.faults = {}
    expect(turn('s')).toBe('openai.eu:m')
    expect(turn('another')).toBe('openai.us:m')
    world.faults = { 'openai.eu': 'open' }
    expect(turn('s')).toBe('openai.us:m')
    world.faults = {}
    expect(turn('s')).toBe('openai.us:m')
  })

  it('lend a session out while its instance is merely full', () => {
    const { plan, world } = aRouter(backends)
    const turn = () => tried(plan('openai:m', { sessionKey: 's' }))[0]
    expect(turn()).toBe('openai.us:m')
    world.faults = { 'openai.us': 'full' }
    expect(turn()).toBe('openai.eu:m')
    world.faults = {}
    expect(turn()).toBe('openai.us:m')
  })
})

describe('aliases and routes', () => {
  it('apply the first alias that matches, once', () => {
    const { plan } = aRouter(presets, {
      aliases: [
        { pattern: 'fast', replacement: 'smart' },
        { pattern: 'smart', replacement: 'fast' },
        { pattern: 'claude-*', replacement: 'anthropic:claude-x|openai:gpt-x' },
        { pattern: 'claude-y', replacement: 'openai:never' },
      ],
    })
    expect(tried(plan('fast'))).toEqual(['openai:smart'])
    expect(plan('fast').source).toBe('alias')
    expect(tried(plan('claude-y', { as: 'anthropic' }))).toEqual(['anthropic:claude-x', 'openai:gpt-x'])
  })

  it('lead from an alias on to a failover route', () => {
    const { plan } = aRouter([aBackend('openai.us'), aBackend('openai.eu')], {
      aliases: [{ pattern: 'gpt*', replacement: 'gpt-4o' }],
      failoverRoutes: { 'gpt-4o': ['openai.eu:gpt-4o', 'openai.us'] },
    })
    expect(tried(plan('gpt'))).toEqual(['openai.eu:gpt-4o', 'openai.us:gpt-4o'])
  })

  it('match a failover route by the exact name', () => {
    const { plan } = aRouter([aBackend('groq'), ...presets], {
      failoverRoutes: { 'gpt-4o': ['groq:llama', 'openai:gpt-4o', 'gpt-4o'] },
    })
    expect(plan('gpt-4o').source).toBe('failover_route')
    expect(tried(plan('gpt-4o'))).toEqual(['groq:llama', 'openai:gpt-4o'])
    expect(tried(plan('gpt-4o-mini'))).toEqual(['openai:gpt-4o-mini'])
    expect(tried(plan('constructor'))).toEqual(['openai:constructor'])
  })

  it.each([
    [{ aliases: [{ pattern: 'a', replacement: 'opnai:b' }] }, /^model_aliases\[0\]\.replacement: .*openai\?/],
    [{ failoverRoutes: { m: ['openai:m', 'grok:m'] } }, /^failover_routes\["m"\]\[1\]: .*"grok"/],
    [{ defaultBackend: 'antropic' }, /^default_backend: .*anthropic\?/],
    [{ defaultBackend: 'openai:' }, /^default_backend: .*character 8/],
  ])('refuse a configuration that names a backend which is not there: %j', (settings, message) => {
    expect(() => aRouter(presets, settings)).toThrow(message)
  })
})

describe('lists and the default backend', () => {
  it('send a model to the first configured backend that lists it', () => {
    const { plan, world } = aRouter([aBackend('groq'), aBackend('mistral'), ...presets])
    world.lists = { mistral: ['m'], openai: ['m'] }
    expect(plan('m').source).toBe('listed')
    expect(tried(plan('m'))).toEqual(['mistral:m'])
  })

  it('never fall through to a backend that nobody configured', () => {
    const { plan, world } = aRouter([...presets, aBackend('demo', { configured: false })])
    world.lists = { demo: ['echo'] }
    expect(tried(plan('echo'))).toEqual(['openai:echo'])
  })

  it('pass over a listing backend that cannot serve this client', () => {
    const { plan, world } = aRouter([aBackend('groq'), aBackend('mistral'), aBackend('xai'), ...presets])
    world.lists = { groq: ['m'], mistral: ['m'], xai: ['m'] }
    world.faults = { groq: 'no_credential' }
    world.forbidden = ['mistral:m']
    expect(tried(plan('m'))).toEqual(['xai:m'])
    expect(tried(plan('m', { as: 'anthropic' }))).toEqual(['xai:m'])
  })

  it('prefer one that needs no translation among those that list the model', () => {
    const { plan, world } = aRouter([aBackend('groq', { protocols: ['openai-chat'] }), aBackend('anthropic')])
    world.lists = { groq: ['m'], anthropic: ['m'] }
    expect(tried(plan('m'))).toEqual(['groq:m'])
    expect(tried(plan('m', { as: 'anthropic' }))).toEqual(['anthropic:m'])
  })

  it('do not fail over to another provider that lists the model', () => {
    const { plan, world } = aRouter([aBackend('groq'), aBackend('mistral')])
    world.lists = { groq: ['m'], mistral: ['m'] }
    world.faults = { groq: 'cooldown' }
    expect(tried(plan('m'))).toEqual([])
    expect(leftOut(plan('m'))).toEqual(['groq:m cooldown'])
  })

  it('leave a session where its first exchange went when a list becomes known', () => {
    const { plan, world } = aRouter([aBackend('groq'), ...presets])
    expect(tried(plan('m', { sessionKey: 's' }))).toEqual(['openai:m'])
    world.lists = { groq: ['m'] }
    expect(tried(plan('m', { sessionKey: 's' }))).toEqual(['openai:m'])
    expect(tried(plan('m', { sessionKey: 'new' }))).toEqual(['groq:m'])
  })

  it('look again for a session whose place has no such model', () => {
    const { plan, world } = aRouter([aBackend('groq'), ...presets])
    plan('m', { sessionKey: 's' })
    world.lists = { groq: ['m'] }
    world.faults = { 'openai:m': 'excluded_model' }
    expect(tried(plan('m', { sessionKey: 's' }))).toEqual(['groq:m'])
  })

  it('put what nothing else places on the default backend', () => {
    const { plan, world } = aRouter([aBackend('groq'), aBackend('mistral'), ...presets], {
      defaultBackend: 'groq|mistral:large',
    })
    world.lists = { mistral: ['m'] }
    expect(tried(plan('x'))).toEqual(['groq:x', 'mistral:large'])
    expect(plan('x').source).toBe('default_backend')
    expect(tried(plan('m'))).toEqual(['mistral:m'])
  })

  it('keep a session on the default backend too', () => {
    const { plan, world } = aRouter([aBackend('groq'), aBackend('mistral')], { defaultBackend: 'groq' })
    plan('m', { sessionKey: 's' })
    world.lists = { mistral: ['m'] }
    expect(plan('m', { sessionKey: 's' })).toMatchObject({ source: 'default_backend' })
    expect(tried(plan('m', { sessionKey: 's' }))).toEqual(['groq:m'])
  })
})

describe('a pinned path', () => {
  it('has one target whatever the model says', () => {
    const { plan } = aRouter(presets, { aliases: [{ pattern: '*', replacement: 'gemini:x' }] })
    const pinned = presets[0] ?? aBackend('openai')
    expect(tried(plan('anthropic:claude|x', { pinned }))).toEqual(['openai:anthropic:claude|x'])
    expect(plan(null, { pinned })).toMatchObject({ source: 'pinned', targets: [{ model: null }] })
  })
})

it('a default backend takes the clients of every protocol', () => {
  const chatOnly = aBackend('openrouter', { protocols: ['openai-chat'] })
  const { plan } = aRouter([chatOnly, ...presets], { defaultBackend: 'openrouter' })
  expect(tried(plan('g', { as: 'gemini' }))).toEqual(['openrouter:g'])
  expect(tried(plan('g', { as: 'openai' }))).toEqual(['openrouter:g'])
})
