// Records of a month for the ledger's measurements: 60 combinations of model, client and user an hour, sessions of about
// twenty turns, times that spread over two decades. Made without anything of src/, from a seed.

const models = [
  ['openai', 'gpt-4o', 2.5, 10],
  ['openai', 'gpt-4o-mini', 0.15, 0.6],
  ['openai', 'gpt-5', 1.25, 10],
  ['anthropic', 'claude-sonnet-4-5', 3, 15],
  ['anthropic', 'claude-haiku-4-5', 1, 5],
  ['gemini', 'gemini-2.5-pro', 1.25, 10],
]
const clients = [
  ['anthropic-messages', 'claude-code'],
  ['openai-responses', 'codex'],
  ['openai-chat', null],
  ['gemini', 'gemini-cli'],
  ['openai-chat', 'aider'],
]
const users = ['ann', 'bob']
const dayMs = 86_400_000

/** mulberry32: the same numbers in every run. */
function generator(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** `count` records in the order of time, from `beginMs` on over thirty days. */
export function* ledgerRecords(count, beginMs, seed = 1) {
  const random = generator(seed)
  const pick = (list) => list[Math.floor(random() * list.length)]
  const spread = (least, decades) => Math.round(least * 10 ** (random() * decades) * 1000) / 1000
  for (let index = 0; index < count; index++) {
    const [backend, model, input, output] = pick(models)
    const client = Math.floor(random() * clients.length)
    const [frontend, app] = clients[client]
    const user = pick(users)
    const prompt = Math.round(spread(200, 2.5))
    const completion = Math.round(spread(20, 2))
    const failed = random() < 0.01
    const usage = failed
      ? null
      : { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion }
    const costUsd = failed ? null : Math.round((prompt * input + completion * output) * 1000) / 1e9
    const parts = failed
      ? null
      : [
          { kind: 'input', tokens: prompt, usd_per_million: input },
          { kind: 'output', tokens: completion, usd_per_million: output },
        ]
    const ttftMs = failed ? null : spread(120, 1.5)
    const totalMs = spread(300, 2)
    yield {
      id: `x_${index.toString(32).padStart(20, '0')}`,
      timestamp: new Date(beginMs + Math.floor((index * 30 * dayMs) / count)).toISOString(),
      // A session is of one client and one user, and asks all models: two of each are open at a time.
      session_id: `s_${Math.floor(index / 400)}_${user}_${client}_${Math.floor(random() * 2)}`,
      turn_number: 1 + Math.floor(random() * 20),
      frontend_type: frontend,
      requested_model: model,
      backend_type: backend,
      backend_instance_id: backend,
      model,
      stream: true,
      call_purpose: 'chat',
      outcome: failed ? 'error' : 'complete',
      incomplete_reason: null,
      error_type: failed ? 'backend_error' : null,
      http_status_code: failed ? 502 : 200,
      attempts: 1,
      attempt_log: [
        {
          ...{ backend_type: backend, backend_instance_id: backend, model, response_model: model },
          ...{ started_ms: 0.4, ttft_ms: ttftMs, duration_ms: totalMs, http_status_code: failed ? 500 : 200 },
          ...{ error_type: failed ? 'backend_error' : null, reason: failed ? 'HTTP 500' : null },
          ...{ upstream_request_id: `req_${index}`, backend_reported_usage: usage, cost_usd: costUsd },
        },
      ],
      replaced: false,
      replacement: null,
      tags: {},
      verbatim_prompt_tokens: prompt,
      mutated_prompt_tokens: prompt,
      verbatim_completion_tokens: failed ? 0 : completion,
      mutated_completion_tokens: failed ? 0 : completion,
      total_tokens: prompt + (failed ? 0 : completion),
      tokens_source: failed ? null : 'provider',
      token_count_method: 'tokenizer',
      counter_version: 'bench',
      backend_reported_usage: usage,
      cost_usd: costUsd,
      cost_parts: parts,
      list_cost_usd: null,
      billing: 'api',
      cost_basis: failed ? null : 'provider_tokens',
      cost_source: failed ? null : 'catalog',
      price_version: 'bench',
      tool_call_count: index % 3 === 0 ? 1 : 0,
      tool_names: index % 3 === 0 ? ['Bash'] : [],
      tool_error_count: 0,
      ttft_ms: ttftMs,
      stream_tps: failed ? null : spread(10, 1.2),
      backend_wait_ms: spread(100, 1.5),
      queued_ms: 0,
      longest_gap_ms: spread(10, 2),
      client_blocked_ms: 0,
      proxy_processing_ms: spread(0.2, 1),
      total_duration_ms: totalMs,
      user_agent: 'bench/1.0',
      client_app: app,
      app_title: null,
      proxy_user: user,
    }
  }
}
