/** What `GET /v1/replacement/metrics` answers. */
export const replacementExample = {
  enabled: true,
  probability: 1,
  turn_count: 1,
  rules: [
    {
      from_pattern: 'gpt-4o',
      to_backend: 'openai.eu',
      to_model: 'gpt-4o-mini',
    },
  ],
  started_at: '2026-11-10T12:00:37.874Z',
  elapsed_seconds: 2.151,
  activation_metrics: {
    total_activations: 1,
    activation_rate_per_second: 0.4649,
    activations_last_60s: 1,
    activation_ratio: 1,
    unique_sessions_activated: 1,
    by_rule: {
      'gpt-4o=openai.eu:gpt-4o-mini': 1,
    },
    by_target: {
      'openai.eu:gpt-4o-mini': 1,
    },
  },
  turn_count_metrics: {
    total_turns_completed: 1,
    average_turn_count: 1,
    turn_count_distribution: {
      '1': 1,
    },
    turns_before_activation: {
      count: 1,
      min: 1,
      max: 1,
      avg: 1,
      p50: 1,
      p95: 1,
      distribution: {
        '1': 1,
      },
    },
    unique_sessions_with_turns: 1,
  },
  opt_out_metrics: {
    total_opt_outs: 0,
    header_opt_outs: 0,
    session_opt_outs: 0,
    opt_out_rate_per_second: 0,
    opt_outs_last_60s: 0,
    unique_sessions_opted_out: 0,
    opt_out_ratio: 0,
  },
  probability_check_metrics: {
    total_probability_checks: 1,
    unique_sessions_checked: 1,
    observed_probability: 1,
  },
  effectiveness: [
    {
      from: 'gpt-4o',
      to: 'openai.eu:gpt-4o-mini',
      replaced: {
        requests: 1,
        error_rate: 0,
        ttft_p50_ms: 18.044,
        duration_p50_ms: 19.753,
        tokens_per_request: 41,
        cost_per_request: 0.0000105,
        tool_call_rate: 0,
      },
      baseline: {
        requests: 0,
        error_rate: null,
        ttft_p50_ms: null,
        duration_p50_ms: null,
        tokens_per_request: null,
        cost_per_request: null,
        tool_call_rate: null,
      },
      difference: {
        error_rate: null,
        ttft_p50_ms: null,
        duration_p50_ms: null,
        tokens_per_request: null,
        cost_per_request: null,
        tool_call_rate: null,
      },
      cost_saved: null,
      enough_data: false,
      cost_per_request_interval: null,
    },
  ],
}
