import type { LiveIssue } from '../../core/live-snapshot.ts'
import type { DemoExchange } from './demo-exchange.ts'
import { plainEnd } from './plain-end.ts'

/** An exchange before it has an id. */
export type Scripted = Omit<DemoExchange, 'id'>

type Known = 'app' | 'frontend' | 'session' | 'requested' | keyof typeof plainEnd

const claude: Pick<Scripted, Known | 'backend' | 'model'> = {
  ...{ app: 'claude-code', frontend: 'anthropic-messages', session: 'c41f09d2', backend: 'anthropic' },
  ...{ requested: 'claude-sonnet-4-5', model: 'claude-sonnet-4-5-20250929', ...plainEnd },
}
const gemini: Pick<Scripted, Known> = {
  ...{ app: 'gemini-cli', frontend: 'gemini', session: 'e0d15c88', requested: 'gemini-2.5-pro', ...plainEnd },
}
const aider: Pick<Scripted, Known | 'backend' | 'model'> = {
  ...{ app: 'aider', frontend: 'openai-chat', session: '52c6b7aa', backend: 'openai' },
  ...{ requested: 'gpt-5', model: 'gpt-5', ...plainEnd },
}

/** What the recorded minute is about: a stream that stalls, a retry, a tool that runs, clients that leave or are slow. */
export const story: readonly Scripted[] = [
  // Hangs for half a minute in the midst of its answer, then goes on.
  {
    ...{
      ...claude,
      openedS: 6,
      turn: 18,
      firstTokenS: 1.1,
      endedS: 50,
      outputTokens: 5_200,
      tools: ['Edit'],
    },
    ...{ promptTokens: 61_400, cachedTokens: 57_100, issue: 'stalled_stream' },
    hold: { state: 'stalled', fromS: 12, untilS: 43 },
  },
  // Its first backend answers 503; the next one in the plan serves it.
  {
    ...{
      ...gemini,
      backend: 'openai',
      model: 'gpt-5',
      openedS: 33,
      turn: 14,
      retriedS: 2.4,
      firstTokenS: 12,
    },
    ...{
      endedS: 24,
      outputTokens: 910,
      promptTokens: 38_200,
      cachedTokens: 0,
      tools: ['read_file'],
      issue: 'failover',
    },
  },
  {
    ...{ ...gemini, backend: 'gemini', model: 'gemini-2.5-pro', openedS: 11, turn: 13, firstTokenS: null },
    ...{ endedS: 0.9, status: 503, outcome: 'error', error: 'backend_unavailable', outputTokens: 0 },
    ...{ promptTokens: 37_900, cachedTokens: 0, tools: [] },
  },
  // Its last answer called a tool, which its client runs for the whole minute.
  {
    ...{ ...aider, openedS: -64, turn: 9, firstTokenS: 0.6, endedS: 6.2, outputTokens: 480, tools: ['Bash'] },
    ...{ promptTokens: 22_800, cachedTokens: 20_100 },
  },
  // A client that reads slower than the provider writes.
  {
    ...{ app: 'curl', frontend: 'openai-chat', session: null, turn: null, backend: 'openai', ...plainEnd },
    ...{ requested: 'gpt-5', model: 'gpt-5', openedS: 30, firstTokenS: 0.8, endedS: 26, outputTokens: 3_900 },
    ...{
      promptTokens: 310,
      cachedTokens: 0,
      tools: [],
      hold: { state: 'client_slow', fromS: 7, untilS: 20 },
    },
  },
  // One that a person stopped.
  {
    ...{
      app: 'opencode',
      frontend: 'anthropic-messages',
      session: null,
      backend: 'anthropic',
      turn: null,
    },
    ...{ requested: 'claude-haiku-4-5', model: 'claude-haiku-4-5-20251001', ...plainEnd, openedS: 34 },
    ...{
      firstTokenS: 2.1,
      endedS: 5.4,
      outputTokens: 88,
      promptTokens: 51_300,
      cachedTokens: 45_100,
      tools: [],
    },
    ...{ outcome: 'incomplete', reason: 'client_disconnect' },
  },
  // One too many for its provider.
  {
    ...{
      app: 'openai-python',
      frontend: 'openai-chat',
      session: null,
      turn: null,
      backend: 'openai',
      ...plainEnd,
    },
    ...{
      requested: 'gpt-5-mini',
      model: 'gpt-5-mini',
      openedS: 40.6,
      firstTokenS: null,
      endedS: 0.3,
      tools: [],
    },
    ...{
      promptTokens: 1_240,
      cachedTokens: 0,
      outputTokens: 0,
      status: 429,
      outcome: 'error',
      error: 'rate_limited',
    },
  },
  // A model that thinks long before it says anything, and has no price.
  {
    ...{
      app: 'opencode',
      frontend: 'openai-chat',
      session: null,
      backend: 'openai',
      turn: null,
      ...plainEnd,
    },
    ...{
      requested: 'o5-preview',
      model: 'o5-preview',
      openedS: 22,
      firstTokenS: 31,
      endedS: 37,
      outputTokens: 640,
    },
    ...{ promptTokens: 9_400, cachedTokens: 0, tools: ['glob'] },
  },
]

/** Issues with the second at which each is seen. */
export const seenIssues: readonly (Omit<LiveIssue, 'at' | 'exchange_id'> & { atS: number })[] = [
  {
    ...{ atS: -34, code: 'cache_prefix_broken', severity: 'warn', fault: 'client', session_id: '7be2a410' },
    description: 'the prompt changed near its beginning: 41k tokens were read anew instead of from the cache',
  },
  {
    ...{ atS: 17, code: 'tool_loop', severity: 'warn', fault: 'client', session_id: '019aa3f7' },
    description: 'shell was called 4 times with the same arguments',
  },
  {
    ...{ atS: 28, code: 'stalled_stream', severity: 'error', fault: 'backend', session_id: 'c41f09d2' },
    description: 'nothing has come from anthropic for 10 s in the midst of an answer',
  },
  {
    ...{ atS: 36, code: 'failover', severity: 'note', fault: 'backend', session_id: 'e0d15c88' },
    description: 'gemini answered 503; openai was asked instead',
  },
]
