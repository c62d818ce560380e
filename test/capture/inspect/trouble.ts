import { aCapture, addRefusal, type CaptureDraft, edited, refused } from '../../support/a-capture.ts'
import { longSession, setInstructions } from '../../support/capture/long-session.ts'
import { addToolTurns } from '../../support/capture/tool-turns.ts'

const minutes = (count: number) => Date.UTC(2026, 0, 5, 12) + count * 60_000

/** A backend that goes silent, and one whose stream breaks off; a client's text with escape sequences in it. */
export function silentBackend(): CaptureDraft {
  const capture = aCapture([
    { protocol: 'anthropic-messages', stream: true, session: 's_agent', turn: 1 },
    { protocol: 'anthropic-messages', stream: true, session: 's_agent', turn: 2 },
    { protocol: 'anthropic-messages', stream: true, session: 's_agent', turn: 3 },
  ])
  const [, stalled, cut] = capture.exchanges
  if (!stalled || !cut) throw new Error('three exchanges were asked for')
  stalled.bothAnswers((leg) => {
    for (const chunk of leg.chunks.slice(-2)) chunk.ms += 42_000
    if (leg.end) leg.end.ms += 42_000
  })
  cut.bothAnswers((leg) => leg.cutTail(120))
  return capture
}

/** A backend that refuses: too many requests, then an outage that another backend makes good. */
export function refusals(): CaptureDraft {
  const capture = aCapture([
    { protocol: 'openai-chat', stream: true, session: 's_batch', turn: 1 },
    { protocol: 'openai-chat', stream: true, session: 's_batch', turn: 2 },
    { protocol: 'openai-chat', stream: false, session: null, turn: null, openedMs: minutes(5) },
  ])
  const [first, second] = capture.exchanges
  if (!first || !second) throw new Error('three exchanges were asked for')
  refused(
    first,
    429,
    { error: { message: 'Rate limit reached for gpt-4o', type: 'requests', code: 'rate_limit_exceeded' } },
    { 'retry-after': '20' },
  )
  if (first.closed) Object.assign(first.closed, { outcome: 'error', status: 429, error: 'rate_limited' })
  addRefusal(second, { status: 503, backend: 'azure' })
  return capture
}

export const escapes = '\u001b]0;owned\u0007\u001b[2J\u001b[31mred\u009b1m'

/** A model's answer that is no good: arguments that are no JSON, and what a terminal would obey. */
export function badAnswers(): CaptureDraft {
  const call = { id: 'call_1', type: 'function', function: { name: 'Bash', arguments: '{"command": "ls' } }
  const tools = [
    { type: 'function', function: { name: 'Bash', parameters: { type: 'object', properties: {} } } },
  ]
  const answer = (message: object, finish_reason: string) => ({
    ...{ id: 'chatcmpl-1', object: 'chat.completion', created: 1767614400, model: 'gpt-4o' },
    choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason }],
    usage: { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 },
  })
  const request = { model: 'gpt-4o', tools, messages: [{ role: 'user', content: 'List the files' }] }
  return aCapture([
    {
      protocol: 'openai-chat',
      request,
      answer: answer({ content: null, tool_calls: [call] }, 'tool_calls'),
      session: 's_tools',
    },
    {
      protocol: 'openai-chat',
      request,
      answer: answer({ content: `look: ${escapes}` }, 'stop'),
      session: 's_tools',
    },
  ] as never)
}

/** An agent that calls the same tool again and again, and is told the same error each time. */
export function loopingAgent(): CaptureDraft {
  const capture = aCapture(
    [1, 3, 12].map(() => ({ protocol: 'anthropic-messages' as const, stream: true, session: 's_agent' })),
  )
  const calls = Array.from({ length: 12 }, (_, index) => ({
    id: `toolu_${index}`,
    name: 'Read',
    arguments: { file_path: '/src/no-such-file.ts' },
    result: 'Error: there is no such file',
  }))
  for (const [index, x] of capture.exchanges.entries()) {
    x.bothRequests((leg) => addToolTurns(x, leg, calls.slice(0, [1, 3, 12][index])))
  }
  return capture
}

/** A client whose key is refused, and a proxy that changes what a backend's cache is of. */
export function wrongSetup(): CaptureDraft {
  const session = longSession(aCapture({ protocol: 'anthropic-messages', stream: true, session: 's_code' }))
  if (!session) throw new Error('a session was asked for')
  return edited(session, (second, { exchanges }) => {
    setInstructions(second, second.ptb, 'It is 12:01:07 now.')
    const [first] = exchanges
    if (!first) throw new Error('two exchanges were asked for')
    const third = first.clone()
    exchanges.push(third)
    Object.assign(third, { id: 'x_3', openedMs: minutes(10), session: 's_other', turn: 1 })
    // Overwritten when it was recorded; the marks say that both are the same.
    third.request.header('x-api-key', 'header-7f3a************')
    third.ptb.header('x-api-key', 'credential-7f3a************')
    refused(third, 401, {
      type: 'error',
      error: { type: 'authentication_error', message: 'invalid x-api-key' },
    })
    if (third.closed) Object.assign(third.closed, { outcome: 'error', status: 401, error: 'backend_error' })
  })
}

/** Nothing is wrong with it. */
export function clean(): CaptureDraft {
  return aCapture([
    { stream: true },
    { stream: true, protocol: 'anthropic-messages', session: 's_2', turn: 1 },
  ])
}
