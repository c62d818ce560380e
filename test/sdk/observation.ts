import { type AnswerHead, comparableHeaders, recordingFetch } from './recording-fetch.ts'
import type { Note, SdkCalls, Surface } from './surface.ts'

/** All that a program can see of what it did with an SDK. */
export interface Observation {
  value: unknown
  /** Null when it succeeded. */
  error: Record<string, unknown> | null
  events: unknown[]
  heads: AnswerHead[]
}

/** Does something with a surface at an origin. Errors are part of what is observed. */
export async function observe(
  surface: Surface,
  origin: string,
  act: (calls: SdkCalls, note: Note) => Promise<unknown>,
): Promise<Observation> {
  const observation: Observation = { value: undefined, error: null, events: [], heads: [] }
  const calls = surface.connect(origin, recordingFetch(observation.heads))
  try {
    observation.value = await act(calls, (event) => observation.events.push(event))
  } catch (thrown) {
    observation.error = describeError(thrown)
  }
  return observation
}

/** An error's class, message and own fields (status, code, type, body, request id), with comparable headers. */
export function describeError(thrown: unknown): Record<string, unknown> {
  if (!(thrown instanceof Error)) return { thrown }
  const { headers, ...fields } = { ...thrown } as Record<string, unknown>
  return {
    ...fields,
    class: thrown.constructor.name,
    name: thrown.name,
    message: thrown.message,
    headers: headers instanceof Headers ? comparableHeaders(headers) : headers,
    cause: thrown.cause === undefined ? undefined : describeError(thrown.cause),
  }
}
