import { type Random, randomFrom } from '../corpus/random.ts'
import { unpricedModel } from '../usage/books/backends.ts'
import type { Asking } from '../usage/books/client.ts'
import { planExchange, planOfKind } from '../usage/books/generate.ts'
import type { ExchangePlan, Part } from '../usage/books/plan.ts'
import { requestOf } from '../usage/books/requests.ts'
import { type Conversation, type Conversations, withHistory } from './conversations.ts'
import {
  busyBackend,
  downBackend,
  keyOf,
  limitedUser,
  replacedBackend,
  replacingPlace,
  type User,
  users,
} from './soak-config.ts'

/** An exchange of the soak: one of the books' kinds, or one of these. */
export interface SoakExchange {
  /** What it is counted as. */
  kind: string
  plan: ExchangePlan & { parts: Part[] }
  asking: Asking
  user: User
  /** False: the key is wrong, and no record is made. */
  isAdmitted: boolean
  /** What each backend does with it, where the proxy is free to choose. */
  partOf: ReadonlyMap<string, Part> | null
  conversation: Conversation | null
  /** Its texts are counted once more, to compare. */
  isCounted: boolean
}

type Draft = Pick<SoakExchange, 'kind' | 'plan'> &
  Partial<SoakExchange> & { pauseMs?: number; session?: string }

const sessions = 2_000
/** What the proxy keeps for `previous_response_id` fills 64 MB over hours: no growth that could be told from a leak. */
const storedAtMost = 300
const countedOneIn = 4
const hugeBytes = 1_300_000
const agents = [
  'claude-cli/2.0.1 (external, cli)',
  'OpenAI/Python 2.1.0',
  'codex_cli_rs/0.46.0',
  'curl/8.5.0',
] as const

/** The n-th of a run. But for the turns of conversations the same for the same seed and number. */
export function soakExchange(seed: number, number: number, conversations: Conversations): SoakExchange {
  const random = randomFrom('soak', seed, number)
  const draft = draftOf(random, seed, number, conversations)
  const { plan, conversation = null, isAdmitted = true } = draft
  const user = conversation?.user ?? userFor(random, plan, draft.partOf)
  const plain = requestOf(plan)
  const request = conversation ? withHistory(plain, plan, conversation.history) : plain
  if (plan.client === 'openai-responses' && plan.kind !== 'rejected' && number > storedAtMost)
    request.body = JSON.stringify({ ...JSON.parse(request.body), store: false })
  // Only what is called is compared.
  if (draft.partOf) plan.parts = []
  return {
    ...{ kind: draft.kind, plan, user, isAdmitted, conversation },
    partOf: draft.partOf ?? null,
    isCounted: (draft.isCounted ?? true) && number % countedOneIn === 0,
    asking: {
      ...request,
      pauseMs: draft.pauseMs ?? 0,
      headers: {
        ...keyHeader(random, isAdmitted ? keyOf(user) : `wrong-key-${random.int(100_000, 999_999)}-0000`),
        'user-agent': random.pick(agents),
        'x-session-id': conversation?.session ?? draft.session ?? `session-${random.int(1, sessions)}`,
        'x-llmproxy-tags': `exchange=${plan.id}`,
      },
    },
  }
}

function draftOf(random: Random, seed: number, number: number, conversations: Conversations): Draft {
  // The first ones are rare kinds: what they start is there after the warm-up.
  const at = number <= 6 ? number : random.int(1, 1_000)
  const part = (kind: 'whole' | 'stream') => changeable(planOfKind(random, number, kind))
  if (at <= 3) return { kind: 'huge prompt', plan: hugePrompt(part('whole')), isCounted: false }
  if (at <= 6) return { kind: 'slow reader', plan: longAnswer(part('stream')), pauseMs: 40, isCounted: false }
  if (at <= 26) return { kind: 'wrong key', plan: part('whole'), isAdmitted: false }
  if (at <= 66) return avoided(random, number)
  if (at <= 126) return replaceable(random, number)
  if (at <= 246) {
    const conversation = conversations.next(random)
    const plan = part(random.pick(['whole', 'stream']))
    const isPriced = plan.parts[0]?.model !== unpricedModel
    if (conversation && !(isPriced || conversation.user !== limitedUser)) {
      Object.assign(plan.parts[0] as Part, { model: 'gpt-4o', answersAs: 'gpt-4o' })
    }
    if (conversation) return { kind: 'another turn', plan, conversation, isCounted: false }
  }
  const plan = changeable(planExchange(seed, number))
  if (plan.kind === 'whole' || plan.kind === 'stream') atAnyRoom(random, plan.parts)
  return { kind: plan.kind, plan }
}

function changeable(plan: ExchangePlan): SoakExchange['plan'] {
  return { ...plan, parts: [...plan.parts] }
}

/** Backends where much fails answer others: none is to be left out for its failures. */
function atAnyRoom(random: Random, parts: Part[]): void {
  const [part] = parts
  const [type, room] = part?.backend.split('.') ?? []
  if (!part || room === undefined || room === 'readon' || random.int(1, 3) > 1) return
  parts[0] = { ...part, backend: `${type}.${random.pick(['shuts', 'headless', 'contentless', 'idle'])}` }
}

function hugePrompt(plan: SoakExchange['plan']): SoakExchange['plan'] {
  const block = `${plan.prompt.replaceAll(plan.id, '')}\n`
  return { ...plan, prompt: plan.prompt + block.repeat(Math.ceil(hugeBytes / block.length)) }
}

/** More than the buffers between provider and client hold. */
function longAnswer(plan: SoakExchange['plan']): SoakExchange['plan'] {
  const parts = plan.parts.map((part) => {
    const piece = `${part.pieces[0]} `.repeat(65_536).slice(0, 65_536)
    const pieces = [...Array.from({ length: 96 }, () => piece), ...part.pieces]
    return { ...part, calls: [], pieces, piecesBeforeWait: 96 + part.piecesBeforeWait }
  })
  return { ...plan, parts }
}

/** A plan whose only part is one of OpenAI's, without tools. */
function openaiPlan(random: Random, number: number): { plan: SoakExchange['plan']; part: Part } {
  for (;;) {
    const plan = planOfKind(random, number, random.pick(['whole', 'stream']))
    const [part] = plan.parts
    if (part?.backend.startsWith('openai.'))
      return { plan: { ...plan, kind: 'failover', parts: [] }, part: { ...part, calls: [] } }
  }
}

/** First a backend that cannot be reached or has no room, unless the proxy knows better by now. */
function avoided(random: Random, number: number): Draft {
  const { plan, part } = openaiPlan(random, number)
  const first = random.pick([downBackend, busyBackend])
  const refusal = { deed: 'refuse', moment: 'before content', status: 429, retryAfterSeconds: 2 } as const
  const asked = { ...part, backend: first, ...(random.int(1, 4) === 1 && refusal) }
  plan.parts = [asked, part]
  const kind = first === downBackend ? 'refused connection' : 'busy backend'
  return { kind, plan, partOf: byBackend(plan.parts) }
}

function replaceable(random: Random, number: number): Draft {
  const { plan, part } = openaiPlan(random, number)
  const named = (model: string) => ({ model, answersAs: model, flex: false })
  const asked = { ...part, backend: replacedBackend, ...named(unpricedModel) }
  const other = { ...part, backend: replacingPlace.backend, ...named(replacingPlace.model) }
  const refusal = { deed: 'refuse', moment: 'before content', status: 503 } as const
  plan.parts = [asked]
  const instead = { ...other, ...(random.int(1, 4) === 1 && refusal) }
  // The first of a session is never replaced.
  const session = `replaceable-${random.int(1, 40)}`
  return { kind: 'replaceable', plan, session, partOf: byBackend([asked, instead]) }
}

function byBackend(parts: readonly Part[]): ReadonlyMap<string, Part> {
  return new Map(parts.map((part) => [part.backend, part]))
}

function userFor(random: Random, { parts }: ExchangePlan, partOf: SoakExchange['partOf'] = null): User {
  const all = [...parts, ...(partOf?.values() ?? [])]
  const isPriced = all.length > 0 && all.every(({ model }) => model !== unpricedModel)
  return random.pick(isPriced ? users : ['alice', 'bob'])
}

function keyHeader(random: Random, key: string): Record<string, string> {
  return random.pick([
    { authorization: `Bearer ${key}` },
    { 'x-api-key': key },
    { 'x-goog-api-key': key },
    { 'x-llmproxy-key': key },
  ] as [Record<string, string>, ...Record<string, string>[]])
}
