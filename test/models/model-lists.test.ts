import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Backend } from '../../src/core/backend.ts'
import { createModelLists } from '../../src/models/model-lists.ts'
import type { ListCredential } from '../../src/models/ports.ts'
import { aBackend } from '../support/a-backend.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { tempFolder } from '../support/temp-folder.ts'

const ours: ListCredential = { kind: 'proxy' }
const theirs = (hash: string): ListCredential => ({
  ...{ kind: 'client', hash, value: `sk-${hash}` },
  header: { name: 'authorization', prefix: 'Bearer ' },
})
const hour = 3_600_000

/** Lists whose provider a test answers for, question by question. */
function aWorld(folder: string | null = null, clock = new FakeClock()) {
  const asked: { of: string; answer: (models: string[]) => void; fail: () => void }[] = []
  const failures: string[] = []
  const lists = createModelLists({
    folder,
    clock,
    onFailure: (backend, error) => failures.push(`${backend.name} ${error}`),
    fetchList: (backend, credential) =>
      new Promise((resolve, reject) => {
        const of = credential.kind === 'client' ? `${backend.name} for ${credential.hash}` : backend.name
        asked.push({ of, answer: resolve, fail: () => reject(new Error('refused')) })
      }),
  })
  const learn = async (backend: Backend, credential: ListCredential, models: string[]) => {
    const learned = lists.fetched(backend, credential)
    asked.at(-1)?.answer(models)
    await learned
  }
  return { asked, clock, failures, learn, lists }
}

describe('a configured list', () => {
  it('is known at once and never asked for', async () => {
    const { asked, lists } = aWorld()
    const backend = aBackend('groq', { models: ['a'] })
    lists.refresh(backend, ours)
    expect(await lists.fetched(backend, ours)).toEqual(['a'])
    expect(lists.listsModel(backend, 'a', null)).toBe(true)
    expect(lists.listsModel(backend, 'b', 'client')).toBe(false)
    expect(asked).toEqual([])
  })
})

describe('a list that the provider has', () => {
  const backend = aBackend('groq')

  it('is unknown until the provider has answered, and waiting is up to the caller', async () => {
    const { asked, lists } = aWorld()
    lists.refresh(backend, ours)
    lists.refresh(backend, ours)
    expect(lists.listsModel(backend, 'a', null)).toBeUndefined()
    const waited = lists.fetched(backend, ours)
    expect(asked.map(({ of }) => of)).toEqual(['groq'])
    asked[0]?.answer(['a'])
    expect(await waited).toEqual(['a'])
    expect(lists.listsModel(backend, 'a', null)).toBe(true)
    expect(lists.listsModel(backend, 'b', null)).toBe(false)
  })

  it('is asked for again after an hour, and the old one holds until the answer', async () => {
    const { asked, clock, learn, lists } = aWorld()
    await learn(backend, ours, ['a'])
    clock.advance(hour - 1)
    lists.refresh(backend, ours)
    expect(asked).toHaveLength(1)
    clock.advance(1)
    expect(await lists.fetched(backend, ours)).toEqual(['a'])
    expect(asked).toHaveLength(2)
    const refreshed = lists.fetched(backend, ours)
    asked[1]?.answer(['b'])
    await refreshed
    await Promise.resolve()
    expect(lists.known(backend, null)).toEqual(['b'])
  })

  it('stays as it was when the provider fails, which is not asked again for five minutes', async () => {
    const { asked, clock, failures, learn, lists } = aWorld()
    await learn(backend, ours, ['a'])
    clock.advance(hour)
    lists.refresh(backend, ours)
    asked[1]?.fail()
    await new Promise(setImmediate)
    expect(failures).toEqual(['groq Error: refused'])
    expect(lists.known(backend, null)).toEqual(['a'])
    clock.advance(299_999)
    lists.refresh(backend, ours)
    expect(asked).toHaveLength(2)
    clock.advance(1)
    lists.refresh(backend, ours)
    expect(asked).toHaveLength(3)
  })

  it('survives a port that throws at once, and can be asked again', async () => {
    const clock = new FakeClock()
    let asked = 0
    const fetchList = () => {
      asked++
      throw new Error('no route')
    }
    const lists = createModelLists({ folder: null, clock, fetchList })
    expect(await lists.fetched(backend, ours)).toBeUndefined()
    clock.advance(300_000)
    expect(await lists.fetched(backend, ours)).toBeUndefined()
    expect(asked).toBe(2)
  })
})

describe("a list fetched with a client's credential", () => {
  it("is that credential's only, for an hour, and no other client's", async () => {
    const { clock, learn, lists } = aWorld()
    const backend = aBackend('anthropic', { credentials: 'client' })
    await learn(backend, theirs('alice'), ['a'])
    expect(lists.listsModel(backend, 'a', 'alice')).toBe(true)
    expect(lists.listsModel(backend, 'a', 'bob')).toBeUndefined()
    expect(lists.listsModel(backend, 'a', null)).toBeUndefined()
    clock.advance(hour)
    expect(lists.listsModel(backend, 'a', 'alice')).toBeUndefined()
  })

  it('comes before ours where either may be used', async () => {
    const { learn, lists } = aWorld()
    const backend = aBackend('anthropic', { credentials: 'client_first' })
    await learn(backend, ours, ['ours'])
    await learn(backend, theirs('alice'), ['theirs'])
    expect(lists.known(backend, 'alice')).toEqual(['theirs'])
    expect(lists.known(backend, 'bob')).toEqual(['ours'])
  })

  it('is never written to disk', async () => {
    const folder = tempFolder()
    const { learn } = aWorld(folder)
    await learn(aBackend('anthropic'), theirs('alice'), ['a'])
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('a list on disk', () => {
  const backend = aBackend('openai.eu')

  it('is known to the next run, readable by its owner only', async () => {
    const folder = join(tempFolder(), 'models')
    const { clock, learn } = aWorld(folder)
    await learn(backend, ours, ['a', 'b'])
    expect(readdirSync(folder)).toEqual(['openai.eu.json'])
    expect(statSync(join(folder, 'openai.eu.json')).mode & 0o777).toBe(0o600)
    expect(statSync(folder).mode & 0o777).toBe(0o700)

    const next = aWorld(folder, clock)
    await next.lists.load([backend])
    expect(next.lists.known(backend, null)).toEqual(['a', 'b'])
    next.lists.refresh(backend, ours)
    expect(next.asked).toEqual([])
  })

  it('does not speak for another URL', async () => {
    const folder = tempFolder()
    await aWorld(folder).learn(backend, ours, ['a'])
    const moved = { ...backend, apiUrl: 'https://elsewhere.test/v1' }
    const next = aWorld(folder)
    await next.lists.load([moved])
    expect(next.lists.known(moved, null)).toBeUndefined()
  })

  it.each(['', '{"models":', '[]', '{"models":"a"}', '{"version":1,"models":["a"]}'])(
    'is ignored when the file says %j',
    async (content) => {
      const folder = tempFolder()
      writeFileSync(join(folder, 'openai.eu.json'), content)
      const { lists } = aWorld(folder)
      await lists.load([backend])
      expect(lists.known(backend, null)).toBeUndefined()
    },
  )

  it('is kept in memory, and the failure told, when it cannot be written', async () => {
    const folder = join(tempFolder(), 'models')
    writeFileSync(folder, 'a file where the folder should be')
    const { failures, learn, lists } = aWorld(folder)
    await learn(backend, ours, ['a'])
    expect(lists.known(backend, null)).toEqual(['a'])
    expect(failures).toHaveLength(1)
  })

  it('leaves nothing half written beside it', async () => {
    const folder = tempFolder()
    mkdirSync(join(folder, 'openai.eu.json'))
    const { failures, learn } = aWorld(folder)
    await learn(backend, ours, ['a'])
    expect(failures).toHaveLength(1)
    expect(readdirSync(folder)).toEqual(['openai.eu.json'])
  })

  it('is whole JSON with the time of the answer', async () => {
    const folder = tempFolder()
    const { clock, learn } = aWorld(folder)
    await learn(backend, ours, ['a'])
    expect(JSON.parse(readFileSync(join(folder, 'openai.eu.json'), 'utf8'))).toEqual({
      version: 1,
      api_url: 'https://openai.eu.test/v1',
      fetched_at_ms: clock.nowMs(),
      models: ['a'],
    })
  })
})
