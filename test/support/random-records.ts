import fc from 'fast-check'
import type { UsageRecord } from '../../src/usage/record/record.ts'
import { anEntry, aRecord } from './a-record.ts'

const day = 86_400_000
const begin = Date.parse('2026-10-20T00:00:00Z')
const orNull = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null, freq: 6 })

/** Records of all kinds, over three weeks in which Europe's summer time ends. */
export const randomRecord: fc.Arbitrary<UsageRecord> = fc
  .record({
    at: fc.integer({ min: begin, max: begin + 21 * day }),
    backend: fc.constantFrom(['openai', 'openai.eu'], ['openai', 'openai.us'], ['anthropic', 'anthropic']),
    model: orNull(
      fc.constantFrom('gpt-4o', 'gpt-4o-2024-08-06', 'gpt-4o-mini', 'claude-3-5-sonnet-20241022'),
    ),
    outcome: fc.constantFrom(
      ['complete', null, 200],
      ['complete', null, 200],
      ['error', null, 502],
      ['incomplete', 'client_disconnect', 200],
      ['incomplete', 'truncated', 200],
      ['rejected', null, 429],
    ),
    session: orNull(fc.constantFrom('s_1', 's_2', 's_3', 's_4')),
    user: orNull(fc.constantFrom('ann', 'bob')),
    app: orNull(fc.constantFrom('claude-code', 'codex')),
    tag: fc.constantFrom({}, { project: 'web' }, { project: 'api', job: "o'brien" }),
    prompt: orNull(fc.integer({ min: 0, max: 1_000_000 })),
    completion: orNull(fc.integer({ min: 0, max: 100_000 })),
    reported: fc.boolean(),
    nano: orNull(fc.integer({ min: 0, max: 5_000_000_000 })),
    ttft: orNull(fc.integer({ min: 1, max: 60_000_000 }).map((us) => us / 1000)),
    tools: fc.array(fc.constantFrom('Bash', 'Read', '__proto__'), { maxLength: 3 }),
    purpose: fc.constantFrom('chat', 'chat', 'chat', 'title', 'count_tokens'),
    failedBefore: fc.boolean(),
    replacement: fc.option(
      fc.record({
        rule: fc.constantFrom('*=anthropic:claude-3-5-haiku', 'gpt=openai:gpt-4o-mini'),
        decision: fc.constantFrom('replaced' as const, 'lost_roll' as const, 'first_turn' as const),
      }),
    ),
  })
  .map((random) => {
    const [type, name] = random.backend as [string, string]
    const [outcome, reason, status] = random.outcome as [
      UsageRecord['outcome'],
      UsageRecord['incomplete_reason'],
      number,
    ]
    const report =
      random.reported && random.prompt !== null && random.completion !== null
        ? {
            prompt_tokens: random.prompt,
            completion_tokens: random.completion,
            total_tokens: random.prompt + random.completion,
          }
        : null
    const record = aRecord({
      timestamp: new Date(random.at).toISOString(),
      ...{
        backend_type: type,
        backend_instance_id: name,
        model: random.model,
        requested_model: random.model,
      },
      ...{ outcome, incomplete_reason: reason, http_status_code: status, session_id: random.session },
      error_type: outcome === 'error' ? 'backend_error' : null,
      proxy_user: random.user,
      client_app: random.app,
      tags: random.tag as unknown as Record<string, string>,
      mutated_prompt_tokens: random.prompt,
      verbatim_completion_tokens: random.completion,
      backend_reported_usage: report,
      tokens_source: report ? 'provider' : random.prompt === null ? null : 'count',
      cost_usd: random.nano === null ? null : random.nano / 1e9,
      cost_parts: null,
      ttft_ms: random.ttft,
      tool_names: [...new Set(random.tools)],
      tool_call_count: random.tools.length,
      call_purpose: random.purpose as UsageRecord['call_purpose'],
      turn_number: 1,
      replacement: random.replacement,
      replaced: random.replacement?.decision === 'replaced',
    })
    if (random.failedBefore && outcome !== 'rejected') {
      record.attempts = 2
      record.attempt_log = [
        anEntry(
          {},
          {
            backend_type: 'openai',
            backend_instance_id: 'openai.us',
            http_status_code: 500,
            error_type: 'backend_error',
            cost_usd: null,
          },
        ),
        anEntry(record),
      ]
    }
    return record
  })
