import type { ReportedUsage } from '../../src/core/usage.ts'

interface CountedAnswer {
  id: string
  usage: ReportedUsage | null
  stop: string
}

const answer = (id: string, stop: string, usage: ReportedUsage | null): CountedAnswer => ({ id, stop, usage })
const tokens = (promptTokens: number, completionTokens: number, rest: ReportedUsage = {}): ReportedUsage => ({
  promptTokens,
  completionTokens,
  totalTokens: promptTokens + completionTokens,
  ...rest,
})

const cache = 'pydantic-ai/models/openrouter/test_cache/'
const anthropic = 'pydantic-ai/models/test_anthropic/'

/** Read off the recordings by hand, for every provider of the corpus; the numbers are the providers'. */
export const corpusAnswers: CountedAnswer[] = [
  answer(
    'envoy-ai-gateway/azure-chat-basic#0',
    'stop',
    tokens(8, 271, { ...audio(), cachedTokens: 0, reasoningTokens: 192 }),
  ),
  answer(
    'envoy-ai-gateway/chat-audio-to-text#0',
    'stop',
    tokens(28, 17, {
      promptAudioTokens: 1,
      completionAudioTokens: 0,
      cachedTokens: 0,
      reasoningTokens: 0,
      serviceTier: 'default',
    }),
  ),
  answer(
    'envoy-ai-gateway/chat-streaming-detailed-usage#0',
    'length',
    tokens(12, 100, { ...audio(), cachedTokens: 0, reasoningTokens: 100, serviceTier: 'default' }),
  ),
  answer(
    'pydantic-ai/models/anthropic/test_output/test_mixed_tools_native_output#0',
    'tool',
    tokens(797, 91, { cachedTokens: 0, cacheWriteTokens: 0, cacheWrite1hTokens: 0, serviceTier: 'standard' }),
  ),
  answer(
    `${anthropic}test_anthropic_advisor_tool_stream#0`,
    'stop',
    tokens(2411, 145, {
      cachedTokens: 0,
      cacheWriteTokens: 0,
      cacheWrite1hTokens: 0,
      reasoningTokens: 47,
      serviceTier: 'standard',
    }),
  ),
  answer(
    'pydantic-ai/models/google/test_cache/test_google_model_cached_content#1',
    'stop',
    tokens(3520, 44, { cachedTokens: 3512, reasoningTokens: 42, serviceTier: 'standard' }),
  ),
  answer(
    'pydantic-ai/models/google/test_code_execution/test_code_execution_stream#0',
    'stop',
    tokens(507, 276, { reasoningTokens: 168 }),
  ),
  answer(
    'pydantic-ai/models/test_google/test_google_model_armor_prompt_template_text_gets_blocked#1',
    'filter',
    null,
  ),
  answer(
    'pydantic-ai/models/test_google/test_google_vertex_service_tier_flex_stream#0',
    'stop',
    tokens(5, 101, { reasoningTokens: 100 }),
  ),
  answer(
    `${cache}test_openrouter_cache_all_settings_real_api#0`,
    'tool',
    tokens(2572, 63, {
      cachedTokens: 0,
      cacheWriteTokens: 2569,
      ...audio(),
      reasoningTokens: 0,
      costUsd: 0.01058775,
    }),
  ),
  answer(
    `${cache}test_openrouter_cache_streaming_e2e#0`,
    'stop',
    tokens(254, 5, {
      cachedTokens: 0,
      cacheWriteTokens: 0,
      ...audio(),
      reasoningTokens: 0,
      costUsd: 0.000837,
    }),
  ),
  answer(
    'pydantic-ai/models/test_openrouter/test_openrouter_stream_error#0',
    'error',
    tokens(43, 10, { cachedTokens: 0, promptAudioTokens: 0, reasoningTokens: 11, costUsd: 0 }),
  ),
  answer(
    'pydantic-ai/models/test_cerebras/test_cerebras_disable_reasoning_setting#0',
    'stop',
    tokens(13, 7, { cachedTokens: 0, reasoningTokens: 0 }),
  ),
  answer(
    'pydantic-ai/models/test_crusoe/test_crusoe_model_streaming#0',
    'stop',
    tokens(46, 14, { cachedTokens: 0 }),
  ),
  answer(
    'pydantic-ai/models/test_deepseek/test_deepseek_deferred_capability_with_thinking#0',
    'tool',
    tokens(563, 116, { cachedTokens: 512, reasoningTokens: 60 }),
  ),
  answer('pydantic-ai/models/test_groq/test_groq_model_thinking_part_iter#0', 'stop', tokens(21, 988)),
  answer('pydantic-ai/models/test_groq/test_tool_use_failed_error_streaming#0', 'error', null),
  answer(
    'pydantic-ai/models/test_huggingface/test_hf_model_thinking_part_iter#0',
    'stop',
    tokens(10, 955, { cachedTokens: 0 }),
  ),
  answer('pydantic-ai/models/test_huggingface/test_image_url_input#0', 'stop', tokens(269, 27)),
  answer(
    'pydantic-ai/models/test_mistral/test_image_as_binary_content_tool_response#0',
    'tool',
    tokens(65, 16),
  ),
  answer('pydantic-ai/models/test_mistral/test_mistral_model_thinking_part_iter#0', 'stop', tokens(10, 232)),
  answer('pydantic-ai/models/test_ollama/test_ollama_cloud_prompted_output#0', 'stop', tokens(172, 88)),
  answer(
    'pydantic-ai/models/test_openai/test_compatible_api_with_tool_calls_without_id#0',
    'tool',
    tokens(35, 12),
  ),
  answer(
    'pydantic-ai/models/test_snowflake/test_snowflake_llama#0',
    'stop',
    tokens(89, 14, { ...audio(), cachedTokens: 0, reasoningTokens: 0 }),
  ),
  answer(
    'pydantic-ai/models/test_snowflake/test_snowflake_model_streaming#0',
    'stop',
    tokens(22, 5, { ...audio(), cachedTokens: 0, reasoningTokens: 0 }),
  ),
  answer(
    'pydantic-ai/models/test_stream_close/test_cancel_recorded_provider_stream[huggingface]#1',
    'stop',
    tokens(40, 2),
  ),
  answer(
    'pydantic-ai/models/test_zai/test_zai_thinking_stream#0',
    'stop',
    tokens(13, 564, { cachedTokens: 0, reasoningTokens: 561 }),
  ),
  answer(
    'pydantic-ai/providers/test_gateway/test_gateway_provider_with_groq#0',
    'stop',
    tokens(42, 8, { serviceTier: 'on_demand' }),
  ),
  answer(
    'pydantic-ai/providers/test_heroku/test_heroku_model_provider_claude_3_7_sonnet#0',
    'stop',
    tokens(14, 51),
  ),
  answer(
    'pydantic-ai/models/test_bedrock_mantle/test_reused_tool_call_ids[stream]#0',
    'tool',
    tokens(88, 14, { cachedTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0, serviceTier: 'default' }),
  ),
  answer(
    'pydantic-ai/models/test_deepseek_responses/test_deepseek_responses[function_tool_stream]#0',
    'tool',
    tokens(366, 59, { cachedTokens: 256, reasoningTokens: 14, serviceTier: 'default' }),
  ),
  answer(
    'pydantic-ai/models/test_openai_prompt_cache/test_openrouter_responses_prompt_cache_e2e#0',
    'stop',
    tokens(4020, 5, {
      cachedTokens: 0,
      cacheWriteTokens: 4012,
      reasoningTokens: 0,
      serviceTier: 'default',
      costUsd: 0.025265,
    }),
  ),
  answer(
    'pydantic-ai/models/test_openai_responses/test_openai_responses_raw_cot_stream_openrouter#0',
    'stop',
    tokens(78, 37, { cachedTokens: 0, reasoningTokens: 22, serviceTier: 'auto', costUsd: 0.0000113 }),
  ),
  answer('vercel-ai/openai/responses/openai-error.1.stream', 'error', null),
  answer(
    'vercel-ai/alibaba/alibaba-reasoning.stream',
    'stop',
    tokens(24, 1355, { cachedTokens: 0, reasoningTokens: 1084 }),
  ),
  answer(
    'vercel-ai/azure/azure-deepseek-reasoning.1.stream',
    'stop',
    tokens(19, 1720, { reasoningTokens: 0 }),
  ),
  answer(
    'vercel-ai/azure/azure-code-interpreter-tool.1.stream',
    'stop',
    tokens(2143, 919, { cachedTokens: 1280, reasoningTokens: 576, serviceTier: 'default' }),
  ),
  answer(
    'vercel-ai/moonshotai/moonshotai-reasoning',
    'stop',
    tokens(20, 30, { cachedTokens: 10, reasoningTokens: 22 }),
  ),
  answer('vercel-ai/perplexity/perplexity-citations.stream', 'stop', tokens(10, 336)),
  answer(
    'vercel-ai/xai/xai-text.stream',
    'stop',
    tokens(12, 291, { ...audio(), cachedTokens: 11, reasoningTokens: 290, costUsd: 0.000146625 }),
  ),
  answer(
    'vercel-ai/open-responses/responses/lmstudio-basic.1.stream',
    'stop',
    tokens(31, 282, { cachedTokens: 30, reasoningTokens: 0, serviceTier: 'default' }),
  ),
  answer(
    'vercel-ai/openai/responses/github-copilot-id-rotation.1.stream',
    'stop',
    tokens(19, 105, { cachedTokens: 0, cacheWriteTokens: 0, reasoningTokens: 44, serviceTier: 'default' }),
  ),
  answer(
    'vercel-ai/google/google-vertex-stream-tool-call-arguments-nested.1.stream',
    'tool',
    tokens(31, 1710, { reasoningTokens: 1026 }),
  ),
]

function audio(): ReportedUsage {
  return { promptAudioTokens: 0, completionAudioTokens: 0 }
}
