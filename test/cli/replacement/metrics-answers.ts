/** Answers of `GET /v1/replacement/metrics` as `spec/replacement.md` has them. */

const opus = 'claude-opus=openrouter:anthropic/claude-sonnet-4-5'
const any = '*=local:qwen3-coder'

export function anAnswer(changed: object = {}): Record<string, unknown> {
  return {
    ...{ enabled: true, probability: 0.2, turn_count: 3 },
    rules: [
      { from_pattern: 'claude-opus', to_backend: 'openrouter', to_model: 'anthropic/claude-sonnet-4-5' },
      { from_pattern: '*', to_backend: 'local', to_model: 'qwen3-coder' },
    ],
    ...{ started_at: '2026-11-27T14:20:05.120Z', elapsed_seconds: 11_533.4 },
    activation_metrics: {
      ...{ total_activations: 134, activation_rate_per_second: 0.011_618, activations_last_60s: 3 },
      ...{ activation_ratio: 0.194_2, unique_sessions_activated: 58 },
      by_rule: { [opus]: 100, [any]: 34 },
      by_target: { 'openrouter:anthropic/claude-sonnet-4-5': 100, 'local:qwen3-coder': 34 },
    },
    turn_count_metrics: {
      ...{ total_turns_completed: 1_390, average_turn_count: 2.895_5 },
      turn_count_distribution: { 1: 5, 2: 4, 3: 125 },
      turns_before_activation: {
        ...{ count: 134, min: 1, max: 40, avg: 7.671_6, p50: 6, p95: 21 },
        distribution: { 1: 20, 6: 60, 21: 53, 40: 1 },
      },
      unique_sessions_with_turns: 58,
    },
    opt_out_metrics: {
      ...{ total_opt_outs: 12, header_opt_outs: 9, session_opt_outs: 3, opt_out_rate_per_second: 0.001_04 },
      ...{ opt_outs_last_60s: 0, unique_sessions_opted_out: 4, opt_out_ratio: 0.004_1 },
    },
    probability_check_metrics: {
      ...{ total_probability_checks: 690, unique_sessions_checked: 120, observed_probability: 0.194_2 },
    },
    effectiveness: [enough(), tooLittle(), withoutRequests()],
    ...changed,
  }
}

/** 390 replaced at $0.0912 against 1,560 at $0.18. */
function enough(): object {
  return {
    ...{ from: 'claude-opus', to: 'openrouter:anthropic/claude-sonnet-4-5' },
    replaced: {
      ...{ requests: 390, error_rate: 0.0123, ttft_p50_ms: 410.5, duration_p50_ms: 8_123 },
      ...{ tokens_per_request: 48_213.4, cost_per_request: 0.0912, tool_call_rate: 1.62 },
    },
    baseline: {
      ...{ requests: 1_560, error_rate: 0.0081, ttft_p50_ms: 1_200, duration_p50_ms: 14_200 },
      ...{ tokens_per_request: 51_000, cost_per_request: 0.18, tool_call_rate: 1.7 },
    },
    difference: {
      ...{ error_rate: 0.0042, ttft_p50_ms: -789.5, duration_p50_ms: -6_077 },
      ...{ tokens_per_request: -2_786.6, cost_per_request: -0.0888, tool_call_rate: -0.08 },
    },
    ...{ cost_saved: 34.632, enough_data: true, cost_per_request_interval: [-0.1012, -0.0771] },
  }
}

function tooLittle(): object {
  return {
    ...{ from: '*', to: 'local:qwen3-coder' },
    replaced: {
      ...{ requests: 4, error_rate: 0, ttft_p50_ms: null, duration_p50_ms: 64_000 },
      ...{ tokens_per_request: 987.5, cost_per_request: null, tool_call_rate: 0 },
    },
    baseline: {
      ...{ requests: 12, error_rate: 0.25, ttft_p50_ms: 98.2, duration_p50_ms: 900 },
      ...{ tokens_per_request: 987.1, cost_per_request: 0.000_021_3, tool_call_rate: 0 },
    },
    difference: {
      ...{ error_rate: -0.25, ttft_p50_ms: null, duration_p50_ms: 63_100 },
      ...{ tokens_per_request: 0.4, cost_per_request: null, tool_call_rate: 0 },
    },
    ...{ cost_saved: null, enough_data: false, cost_per_request_interval: null },
  }
}

function withoutRequests(): object {
  const nothing = {
    ...{ error_rate: null, ttft_p50_ms: null, duration_p50_ms: null },
    ...{ tokens_per_request: null, cost_per_request: null, tool_call_rate: null },
  }
  return {
    ...{ from: 'gpt-5', to: 'openai:gpt-5-mini' },
    ...{ replaced: { requests: 0, ...nothing }, baseline: { requests: 0, ...nothing }, difference: nothing },
    ...{ cost_saved: null, enough_data: false, cost_per_request_interval: null },
  }
}

/** Replacement is off, and nothing has happened. */
export function anEmptyAnswer(changed: object = {}): Record<string, unknown> {
  return {
    ...{ enabled: false, probability: 0, turn_count: 1, rules: [] },
    ...{ started_at: '2026-11-27T14:20:05.120Z', elapsed_seconds: 8.2 },
    activation_metrics: {
      ...{ total_activations: 0, activation_rate_per_second: 0, activations_last_60s: 0 },
      ...{ activation_ratio: null, unique_sessions_activated: 0, by_rule: {}, by_target: {} },
    },
    turn_count_metrics: {
      ...{ total_turns_completed: 0, average_turn_count: null, turn_count_distribution: {} },
      turns_before_activation: {
        ...{ count: 0, min: null, max: null, avg: null, p50: null, p95: null, distribution: {} },
      },
      unique_sessions_with_turns: 0,
    },
    opt_out_metrics: {
      ...{ total_opt_outs: 0, header_opt_outs: 0, session_opt_outs: 0, opt_out_rate_per_second: 0 },
      ...{ opt_outs_last_60s: 0, unique_sessions_opted_out: 0, opt_out_ratio: null },
    },
    probability_check_metrics: {
      ...{ total_probability_checks: 0, unique_sessions_checked: 0, observed_probability: null },
    },
    effectiveness: [],
    ...changed,
  }
}
