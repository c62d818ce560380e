import * as z from 'zod'
import type { CallPurpose, IncompleteReason, Outcome, ReplacementDecision } from '../../../core/exchange.ts'
import type { LiveBackend } from '../../../core/live-snapshot.ts'
import { protocolNames } from '../../../core/protocol-name.ts'

/** Schemas that have a name of their own in the document. */
export const components = z.registry<{ id: string }>()

/** The schema under this name. */
export function named<Schema extends z.ZodType>(id: string, schema: Schema): Schema {
  components.add(schema, { id })
  return schema
}

/** UTC, ISO 8601 with `Z`. */
export const time = z.string().meta({ format: 'date-time' })
export const maybeTime = time.nullable()
export const text = z.string()
export const maybeText = z.string().nullable()
/** A whole number that is never negative. */
export const count = z.int().min(0)
export const maybeCount = count.nullable()
export const amount = z.number()
/** Null: it is not known. */
export const maybeAmount = z.number().nullable()
export const yes = z.boolean()

export const protocol = z.enum(protocolNames)
/** A word for each of the type, none forgotten and none too many. */
function every<Word extends string>(words: { [One in Word]: One }) {
  return z.enum(words)
}

export const outcome = every<Outcome>({
  complete: 'complete',
  incomplete: 'incomplete',
  error: 'error',
  rejected: 'rejected',
})
export const incompleteReason = every<IncompleteReason>({
  client_disconnect: 'client_disconnect',
  backend_error: 'backend_error',
  timeout: 'timeout',
  truncated: 'truncated',
  shutdown: 'shutdown',
  crash: 'crash',
})
export const callPurpose = every<CallPurpose>({
  chat: 'chat',
  count_tokens: 'count_tokens',
  title: 'title',
  embedding: 'embedding',
  other: 'other',
})
export const decision = every<ReplacementDecision>({
  replaced: 'replaced',
  lost_roll: 'lost_roll',
  first_turn: 'first_turn',
  cool_down: 'cool_down',
  opted_out: 'opted_out',
  no_place: 'no_place',
  target_unusable: 'target_unusable',
})
export const backendState = every<LiveBackend['state']>({
  ok: 'ok',
  excluded: 'excluded',
  open: 'open',
  half_open: 'half_open',
  cooldown: 'cooldown',
  misconfigured: 'misconfigured',
  no_credential: 'no_credential',
  full: 'full',
})
export const circuitHistory = z
  .array(z.strictObject({ at: time, state: z.enum(['closed', 'open', 'half_open']), reason: maybeText }))
  .describe('The last changes of its circuit breaker’s state, the newest first')
