import type { FakeProvider } from '../support/fake-provider.ts'
import { firstWord, type Note } from './surface.ts'

/** Aborts a call as soon as the provider has the request. */
export async function abortBeforeAnswer(
  fake: FakeProvider,
  call: (signal: AbortSignal) => Promise<unknown>,
): Promise<unknown> {
  const controller = new AbortController()
  const next = fake.received(fake.requests.length + 1)
  const result = call(controller.signal)
  result.catch(() => {})
  await next
  controller.abort()
  return await result
}

/** Aborts a stream as soon as its first word has come out of the SDK. */
export async function abortAtFirstWord(
  note: Note,
  call: (note: Note, signal: AbortSignal) => Promise<unknown>,
  onAbort: () => void = () => {},
): Promise<unknown> {
  const controller = new AbortController()
  const noting = (event: unknown) => {
    note(event)
    if (controller.signal.aborted || !JSON.stringify(event)?.includes(firstWord)) return
    onAbort()
    controller.abort()
  }
  return await call(noting, controller.signal)
}
