import { LLMock } from '@copilotkit/aimock'
import { answerText, greeting, weatherCall, weatherQuestion } from '../sdk/surface.ts'

export const limitedQuestion = 'Are there limits?'
export const refusedQuestion = 'Is this allowed?'

// Its own default is 0, and every protocol reads the names of its own provider.
const usage = {
  prompt_tokens: 21,
  completion_tokens: 8,
  input_tokens: 21,
  output_tokens: 8,
  promptTokenCount: 21,
  candidatesTokenCount: 8,
}

/** A mock provider that somebody else wrote, for all protocols: it greets, knows the weather, and refuses. */
export async function startMockProvider(): Promise<LLMock> {
  const mock = new LLMock({ host: '127.0.0.1', port: 0, chunkSize: 7 })
  const call = { ...weatherCall, arguments: JSON.stringify(weatherCall.arguments) }
  mock.on({ userMessage: greeting }, { content: answerText, usage })
  mock.on({ userMessage: weatherQuestion, hasToolResult: false }, { toolCalls: [call], usage })
  mock.on({ userMessage: weatherQuestion, hasToolResult: true }, { content: answerText, usage })
  // A wait that is longer than the proxy's own patience (failure_handling.max_wait_seconds).
  mock.on(
    { userMessage: limitedQuestion },
    { error: { message: 'Slow down.', type: 'rate_limit_error' }, status: 429, retryAfter: 31 },
  )
  mock.on(
    { userMessage: refusedQuestion },
    { error: { message: 'Not like this.', type: 'invalid_request_error' }, status: 400 },
  )
  await mock.start()
  return mock
}
