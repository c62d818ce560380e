import type { Ending } from './corpus-world.ts'
import type { RecordedCall } from './recorded-call.ts'

/** What the client must get of a recorded answer. */
export type Expectation =
  /** The same as without the proxy, but for these headers of ours. */
  | { kind: 'same'; ending: Ending; added?: Record<string, string> }
  /** All of its bytes, then our error event, then no clean end. */
  | { kind: 'then_our_error' }
  /** Nothing of the stream but its error, as an HTTP answer. */
  | { kind: 'http_error'; status: number; body: object }

const complete: Ending = { outcome: 'complete', incompleteReason: null }
const refused: Ending = { outcome: 'error', incompleteReason: null }
const providerFailed: Ending = { outcome: 'incomplete', incompleteReason: 'backend_error' }

/** The recordings that are not simply good answers, each with the rule that says what becomes of it. */
const exceptions: Record<string, Expectation> = {
  // Its `response.completed` is broken JSON, so that it has no terminal event (marked `cut_stream`).
  'vercel-ai/openai/responses/parallel-tool-call-wrapper.1.stream': { kind: 'then_our_error' },
  // Marked `cut_stream` too, for no choice has a finish reason; but `[DONE]` is terminal (spec/protocols.md).
  'pydantic-ai/models/test_snowflake/test_snowflake_model_streaming#0': { kind: 'same', ending: complete },
  'pydantic-ai/models/test_snowflake/test_snowflake_thinking_streaming#0': { kind: 'same', ending: complete },
  // The provider's own error event is after content: it passes, and the record says what it was.
  'pydantic-ai/models/test_groq/test_tool_use_failed_error_streaming#0': {
    kind: 'same',
    ending: providerFailed,
  },
  'pydantic-ai/models/test_groq/test_tool_use_failed_error_streaming_with_text#0': {
    kind: 'same',
    ending: providerFailed,
  },
  'pydantic-ai/models/test_openrouter/test_openrouter_stream_error#0': {
    kind: 'same',
    ending: providerFailed,
  },
  // Only its body says when to come back (34.4 s): the last refusal goes out with `retry-after`
  // (spec/health-and-routing.md, Attempts).
  'vercel-ai/google/google-429-retry-info': { kind: 'same', ending: refused, added: { 'retry-after': '35' } },
  // The error comes before content, so that another target could have answered: when none does, the client gets
  // its status and never a 200 (spec/health-and-routing.md, Attempts). OpenAI sends this one with 429.
  'vercel-ai/openai/responses/openai-error.1.stream': {
    kind: 'http_error',
    status: 429,
    body: {
      error: {
        message:
          'You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.',
        type: 'insufficient_quota',
        param: null,
        code: 'insufficient_quota',
      },
    },
  },
}

export const exceptionIds = Object.keys(exceptions)

export function expectationOf({ recorded }: RecordedCall): Expectation {
  const ending = recorded.response.status < 400 ? complete : refused
  return exceptions[recorded.id] ?? { kind: 'same', ending }
}
