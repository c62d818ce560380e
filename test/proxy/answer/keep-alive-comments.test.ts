import { describe, expect, it } from 'vitest'
import { chatFrames, geminiFrames, head, stall, streamHead, write } from '../../support/fake-provider.ts'
import { type Scenario, startScenario } from '../scenario.ts'

const comment = ': keep-alive\n\n'
const frames = chatFrames(['Hello', ' there'])
const begun = frames.slice(0, 2).join('')

/** A chat stream that has written these bytes and then says nothing. */
async function silentAfter(bytes: string, options = {}): Promise<Scenario> {
  const scenario = await startScenario(options)
  scenario.a.answer([streamHead(), write(bytes), stall()])
  await scenario.chat()
  await scenario.watch.until(() => scenario.watch.bytes.BTP === bytes)
  return scenario
}

describe('a stream that falls silent', () => {
  it('gets a comment after keepalive_seconds, and again after as much more silence', async () => {
    const { clock, watch } = await silentAfter(begun)
    clock.advance(14_000)
    expect(watch.bytes.PTC).toBe(begun)
    clock.advance(1_000)
    expect(watch.bytes.PTC).toBe(begun + comment)
    clock.advance(15_000)
    expect(watch.bytes.PTC).toBe(begun + comment + comment)
  })

  it('gets it after the configured time', async () => {
    const { clock, watch } = await silentAfter(begun, {
      config: { failure_handling: { keepalive_seconds: 3 } },
    })
    clock.advance(3_000)
    expect(watch.bytes.PTC).toBe(begun + comment)
  })

  it('gets none within an event', async () => {
    const cutOff = begun + (frames[2] ?? '').slice(0, -1)
    const { clock, watch } = await silentAfter(cutOff)
    clock.advance(60_000)
    expect(watch.bytes.PTC).toBe(cutOff)
  })

  it('gets none while the hold-back lasts', async () => {
    const { a, chat, clock, watch } = await startScenario({
      config: { failure_handling: { keepalive_seconds: 1 } },
    })
    a.answer([streamHead(), write(frames[0] ?? ''), stall()])
    void chat().catch(() => {})
    await watch.until(() => watch.bytes.BTP === frames[0])
    clock.advance(4_999)
    expect(watch.bytes.PTC).toBe('')
  })

  it('gets none that would be counted from an older byte', async () => {
    const scenario = await startScenario()
    const { a, chat, clock, watch } = scenario
    let open = () => {}
    const opened = new Promise<void>((resolve) => {
      open = resolve
    })
    a.answer([streamHead(), write(begun), () => opened, write(frames[2] ?? ''), stall()])
    await chat()
    await watch.until(() => watch.bytes.PTC === begun)
    clock.advance(14_000)
    open()
    await watch.until(() => watch.bytes.PTC === begun + frames[2])
    clock.advance(14_000)
    expect(watch.bytes.PTC).toBe(begun + frames[2])
    clock.advance(1_000)
    expect(watch.bytes.PTC).toBe(begun + frames[2] + comment)
  })
})

it('an array of JSON gets no comment, however long its silence', async () => {
  const { a, post, clock, watch } = await startScenario({ type: 'gemini' })
  const begunArray = `[${(geminiFrames(['Hello'])[0] ?? '').slice('data: '.length).trim()}`
  a.answer([head(200, { 'content-type': 'application/json' }), write(begunArray), stall()])
  await post('/v1beta/models/m:streamGenerateContent', { contents: [] })
  await watch.until(() => watch.bytes.PTC === begunArray)
  clock.advance(120_000)
  expect(watch.bytes.PTC).toBe(begunArray)
})

it('a whole answer gets no comment while it is waited for', async () => {
  const { a, post, clock, watch } = await startScenario()
  a.answer([head(200, { 'content-type': 'application/json' }), write('{"id":'), stall()])
  void post('/v1/chat/completions', { model: 'm', messages: [] }).catch(() => {})
  await watch.until(() => watch.bytes.BTP === '{"id":')
  clock.advance(120_000)
  expect(watch.bytes.PTC).toBe('')
})
