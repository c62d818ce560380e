/**
 * What detectors rightly find in the recorded traffic itself, each read and judged by hand: a recorded refusal is a
 * refusal. Everything else that is found in a clean capture counts as a false alarm.
 */
export interface Truth {
  code: string
  /** Of the recording; all whose id matches. */
  id: RegExp
  why: string
}

export const truths: readonly Truth[] = [
  {
    code: 'reasoning_ate_budget',
    id: /envoy-ai-gateway\/chat-(?:detailed-usage|multimodal|streaming-detailed-usage|text-to-image-tool)#0/,
    why: 'max_completion_tokens of 100 or 150, all of them reasoning tokens, and no word of an answer',
  },
  {
    code: 'reasoning_ate_budget',
    id: /test_google_model_max_tokens_thinking_model_empty_response#0/,
    why: 'maxOutputTokens of 5, spent on thoughts, MAX_TOKENS and no text',
  },
  {
    code: 'output_truncated',
    id: /test_openrouter_cache_(?:all_settings|instructions_gemini|messages_anthropic)_real_api#\d|test_huggingface\/test_max_completion_tokens#0/,
    why: 'max_tokens of 100, and the text ends in the middle of a sentence with "length"',
  },
  {
    code: 'output_truncated',
    id: /vercel-ai\/deepseek\/chat\/deepseek-text(?:\.stream)?$/,
    why: 'finish_reason "length" in the middle of a sentence; the request was not kept',
  },
  {
    code: 'content_filtered',
    id: /test_google_model_(?:armor_prompt_template_text_gets_blocked#1|armor_response_template_real_block#0|safety_settings#0)|anthropic-refusal/,
    why: 'recorded to show a block: MODEL_ARMOR, SAFETY, and the stop reason "refusal"',
  },
  {
    code: 'tool_args_invalid',
    id: /anthropic\/spliced-message-start\.stream$/,
    why: 'a second message begins in the middle of the arguments, which end in a word',
  },
  {
    code: 'usage_missing',
    id: /anthropic-fallback-tool-call\.stream$/,
    why: 'the gateway sent no usage in this stream',
  },
  {
    code: 'usage_mismatch',
    id: /perplexity-(?:citations|text)\.stream$|anthropic\/duplicate-message-start\.stream$|lmstudio-basic\.1$|openai-phase\.1\.stream$/,
    why: "the recording's authors shortened the text and left the usage: 227 to 1221 tokens for a few words",
  },
  {
    code: 'backend_error',
    id: /envoy-ai-gateway\/chat-(?:bad-request|no-messages|unknown-model)#0|count_tokens_error#0|test_model_name_suggestions\/|reasoning-model-(?:legacy-parameter|temperature)-error$/,
    why: 'recorded to show what a provider says to a bad parameter or an unknown model: 400 or 404',
  },
  {
    code: 'backend_error',
    id: /effort_xhigh_unsupported_model_errors#0|rejects_interleaved_function_calls#0|test_groq\/test_tool_(?:regular|use_failed)_error|o1_mini_system_role|web_search_tool_model_not_supported#0|responses_(?:model_http_error#0|thinking_with_modified_history#1)/,
    why: 'recorded refusals with 400 or 404, of Groq also within a stream that had begun',
  },
  {
    code: 'backend_error',
    id: /test_multimodal_tool_return_matrix\[[\w-]*(?:audio-openai|image-google_vertex)|test_model_sees_multiple_images\[google_vertex\]/,
    why: 'status 400: audio that the model does not take, a URL that Vertex may not fetch',
  },
  {
    code: 'backend_error',
    id: /test_openrouter_stream_error#0/,
    why: 'an error event within the stream: the token limit of the provider behind it',
  },
  {
    code: 'error_inside_200',
    id: /test_groq\/test_tool_use_failed_error_streaming|test_openrouter_stream_error#0|openai-error\.1\.stream$/,
    why: 'an error event within a stream that began with 200',
  },
  {
    code: 'rate_limit',
    id: /test_openrouter_errors_raised#0|google-429-retry-info$|openai-error\.1(?:\.stream)?$/,
    why: 'status 429, and insufficient_quota within a stream',
  },
  {
    code: 'quota_exhausted',
    id: /openai-error\.1(?:\.stream)?$/,
    why: 'insufficient_quota',
  },
  {
    code: 'mid_stream_failover_seam',
    id: /anthropic\/spliced-message-start\.stream$/,
    why: 'made by hand: another message begins within the second block of the first',
  },
  {
    code: 'sse_order',
    id: /anthropic\/duplicate-message-start\.stream$|openai-phase\.1\.stream$/,
    why: 'made by hand: message_start twice; events left out, so that their numbers jump from 5 to 41',
  },
  {
    code: 'invalid_json_event',
    id: /parallel-tool-call-wrapper\.1\.stream$/,
    why: 'two events have broken JSON, as the corpus notes',
  },
  {
    code: 'truncated_stream',
    id: /parallel-tool-call-wrapper\.1\.stream$/,
    why: 'its last event is one of those with broken JSON, so that it has no last word',
  },
]

/** Whether a detector's finding in the clean capture of this recording is true. */
export function isTrue(code: string, id: string): boolean {
  return truths.some((truth) => truth.code === code && truth.id.test(id))
}
