import { afterEach, describe, expect, it } from 'vitest'
import { type BodyWork, createBodyWork } from '../../../src/proxy/body/body-work.ts'
import { inspectBody } from '../../../src/proxy/body/inspect.ts'

let bodyWork: BodyWork
afterEach(() => bodyWork.close())

/** A body over 1 MB, which goes to the worker. */
function bigBody(start: string): Buffer {
  return Buffer.from(`${start},"filler":"${'ü'.repeat(600_000)}"}`)
}

const request =
  '{"model":"m","stream":true,"session_id":"s","stream_options":{"a":1},"messages":[{"role":"user","content":"hi"}]'

describe('a body over a megabyte, inspected in a worker', () => {
  it('gives the same as one that is inspected at once', async () => {
    bodyWork = createBodyWork()
    const bytes = bigBody(request)
    expect(await bodyWork.inspect('openai-chat', bytes)).toEqual(inspectBody('openai-chat', bytes))
    expect(bytes.toString('utf8', 0, 20)).toBe(request.slice(0, 20))
  })

  it.each([
    ['{"model":"m","mod\\u0065l":"n"', 'duplicate_model', 'model'],
    ['{"model":', 'bad_json', null],
    [`{"a":${'['.repeat(300)}${']'.repeat(300)}`, 'too_deep', null],
  ])('fails with the same error: %.20s…', async (start, code, param) => {
    bodyWork = createBodyWork()
    const bytes = bigBody(start)
    const failure = await bodyWork.inspect('openai-chat', bytes).catch((error) => error)
    expect(failure).toMatchObject({ name: 'ProxyError', code, param, status: 400, shouldRetry: false })
    expect(() => inspectBody('openai-chat', bytes)).toThrow(failure.message)
  })

  it('gives each of many its own result', async () => {
    bodyWork = createBodyWork()
    const models = ['a', 'b', 'c', 'd']
    const results = await Promise.all(
      models.map((model) => bodyWork.inspect('openai-chat', bigBody(`{"model":"${model}"`))),
    )
    expect(results.map(({ facts }) => facts.model)).toEqual(models)
  })
})

describe('a worker that crashes', () => {
  /** Big enough for the worker, and nothing that it can read. */
  const poison = { length: 2 << 20 } as unknown as Buffer

  it('fails the bodies that it had, and the next one gets a new worker', async () => {
    bodyWork = createBodyWork()
    const failures = await Promise.allSettled([
      bodyWork.inspect('openai-chat', poison),
      bodyWork.inspect('openai-chat', bigBody(request)),
    ])
    expect(failures[0]).toMatchObject({ status: 'rejected', reason: { code: 'internal' } })
    const after = await bodyWork.inspect('openai-chat', bigBody(request))
    expect(after.facts.model).toBe('m')
  })
})

it('lets nobody wait for ever when it is closed', async () => {
  bodyWork = createBodyWork()
  const waiting = bodyWork.inspect('openai-chat', bigBody(request))
  waiting.catch(() => {})
  await bodyWork.close()
  await expect(waiting).rejects.toMatchObject({ code: 'internal' })
})

it('inspects a small body without a worker, and an error is a rejection', async () => {
  bodyWork = createBodyWork()
  expect((await bodyWork.inspect('openai-chat', Buffer.from('{"model":"m"}'))).facts.model).toBe('m')
  await expect(bodyWork.inspect('openai-chat', Buffer.from('{'))).rejects.toMatchObject({ code: 'bad_json' })
})
