import { describe, expect, it } from 'vitest'
import { ProxyError } from '../../../src/core/errors.ts'
import { contextOverflow } from '../../../src/protocols/translation/context-overflow.ts'

const refusal = (message: string, details: ConstructorParameters<typeof ProxyError>[2] = {}) =>
  new ProxyError('backend_error', message, { status: 400, ...details })

const input = (tokens: number, limit: number) => ({ kind: 'input', input: tokens, limit })
const both = (tokens: number, output: number, limit: number) => ({
  ...{ kind: 'input and output', input: tokens, output, limit },
})
const unknown = { kind: 'unknown' }

describe('contextOverflow', () => {
  it.each<[string, string, object]>([
    ['Anthropic', 'prompt is too long: 213462 tokens > 200000 maximum', input(213_462, 200_000)],
    [
      'Anthropic, with the output',
      'input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000, decrease input length or `max_tokens` and try again',
      both(188_240, 21_333, 200_000),
    ],
    [
      'OpenAI',
      "This model's maximum context length is 128000 tokens. However, your messages resulted in 128994 tokens (128242 in the messages, 752 in the functions). Please reduce the length of the messages or functions.",
      input(128_994, 128_000),
    ],
    [
      'OpenAI, with the output',
      "This model's maximum context length is 128000 tokens. However, you requested 128007 tokens (2133 in the messages, 125874 in the completion). Please reduce the length of the messages or completion.",
      both(2133, 125_874, 128_000),
    ],
    [
      'OpenAI, too long even without the output',
      "This model's maximum context length is 8191 tokens, however you requested 10346 tokens (10341 in your prompt; 5 for the completion). Please reduce your prompt; or completion length.",
      input(10_341, 8191),
    ],
    [
      'OpenAI, newer models',
      'Input tokens exceed the configured limit of 272000 tokens. Your messages resulted in 428548 tokens. Please reduce the length of the messages.',
      input(428_548, 272_000),
    ],
    [
      'OpenAI, without numbers',
      'Your input exceeds the context window of this model. Please adjust your input and try again.',
      unknown,
    ],
    [
      'Gemini',
      'The input token count (1196265) exceeds the maximum number of tokens allowed (1048575).',
      input(1_196_265, 1_048_575),
    ],
    [
      'Gemini, with one number',
      'The input token count exceeds the maximum number of tokens allowed 1048576.',
      unknown,
    ],
    [
      'OpenRouter',
      'This endpoint\'s maximum context length is 1048576 tokens. However, you requested about 1293741 tokens (1227853 of text input, 353 of tool input, 65535 in the output). Please reduce the length of either one, or use the "middle-out" transform to compress your prompt automatically.',
      input(1_228_206, 1_048_576),
    ],
    [
      'DeepSeek',
      "This model's maximum context length is 1048576 tokens. However, you requested 1276733 tokens (892733 in the messages, 384000 in the completion). Please reduce the length of the messages or completion.",
      both(892_733, 384_000, 1_048_576),
    ],
    [
      'xAI',
      "This model's maximum prompt length is 131072 but the request contains 537812 tokens.",
      input(537_812, 131_072),
    ],
    ['Groq', 'Please reduce the length of the messages or completion.', unknown],
    [
      'Mistral',
      'Prompt contains 65673 tokens and 0 draft tokens, too large for model with 32768 maximum context length',
      input(65_673, 32_768),
    ],
    [
      'llama.cpp',
      'request (13392 tokens) exceeds the available context size (8192 tokens), try increasing it',
      input(13_392, 8192),
    ],
    [
      'vLLM, max_tokens',
      "'max_tokens' or 'max_completion_tokens' is too large: 2000. This model's maximum context length is 4096 tokens and your request has 2104 input tokens (2000 > 4096 - 2104).",
      both(2104, 2000, 4096),
    ],
    [
      'vLLM, newer',
      "You passed 27905 input tokens and requested 4096 output tokens. However, the model's context length is only 32000 tokens, resulting in a maximum input length of 27904 tokens. Please reduce the length of the input prompt. (parameter=input_tokens, value=27905)",
      both(27_905, 4096, 32_000),
    ],
    [
      'vLLM, prompt',
      'The decoder prompt (length 15083) is longer than the maximum model length of 8192. Make sure that `max_model_len` is no smaller than the number of text tokens.',
      input(15_083, 8192),
    ],
    [
      'SGLang',
      "Requested token count exceeds the model's maximum context length of 131072 tokens. You requested a total of 140000 tokens: 8000 tokens from the input messages and 132000 tokens for the completion.",
      both(8000, 132_000, 131_072),
    ],
    [
      'SGLang, prompt',
      "The input (516368 tokens) is longer than the model's context length (262144 tokens).",
      input(516_368, 262_144),
    ],
    [
      'LM Studio',
      'Trying to keep the first 5406 tokens when context the overflows. However, the model is loaded with context length of only 1056 tokens, which is not enough. Try to load the model with a larger context length, or provide a shorter input',
      input(5406, 1056),
    ],
    [
      'Moonshot',
      'Your request exceeded model token limit: 262144 (requested: 300000)',
      input(300_000, 262_144),
    ],
    ['Copilot', 'prompt token count of 160153 exceeds the limit of 128000', input(160_153, 128_000)],
    ['MiniMax', 'invalid params, context window exceeds limit (2013)', unknown],
    ['Ollama', 'prompt too long; exceeded max context length by 4096 tokens', unknown],
    [
      'TGI',
      'Input validation error: `inputs` must have less than 4096 tokens. Given: 5000',
      input(5000, 4096),
    ],
    ['numbers with commas', 'Prompt is too long: 300,000 tokens > 131,072 maximum', input(300_000, 131_072)],
    [
      'numbers that do not say it',
      'The input token count (1048576) exceeds the maximum number of tokens allowed (1048576).',
      unknown,
    ],
  ])('reads what %s says', (_, message, overflow) => {
    expect(contextOverflow(refusal(message))).toEqual(overflow)
  })

  it.each([
    ['OpenAI', { providerCode: 'context_length_exceeded' }],
    ['llama.cpp', { providerType: 'exceed_context_size_error' }],
    ['z.ai', { providerCode: 'model_context_window_exceeded' }],
  ])('knows the word of %s, whatever the message', (_, details) => {
    expect(contextOverflow(refusal('no', details))).toEqual(unknown)
  })

  it('knows it behind a gateway that answers 502', () => {
    expect(contextOverflow(refusal('prompt is too long: 9 tokens > 8 maximum', { status: 502 }))).toEqual(
      input(9, 8),
    )
  })

  it.each<[string, ProxyError]>([
    [
      'a rate limit in tokens',
      refusal(
        'Request too large for model `llama-3.3-70b` on tokens per minute (TPM): Limit 12000, Requested 14000. Please reduce the length of the messages.',
        { status: 413, providerType: 'tokens', providerCode: 'rate_limit_exceeded' },
      ),
    ],
    ['a rate limit', refusal('Please reduce the length of the messages.', { status: 429 })],
    [
      'an output limit',
      refusal('max_tokens is too large: 100000. This model supports at most 16384 completion tokens.'),
    ],
    [
      'a long field',
      refusal("Invalid 'tools[0].function.name': string too long. Expected a string with maximum length 64."),
    ],
    ['a refused key', refusal('prompt is too long', { status: 401 })],
  ])('does not take %s for one', (_, error) => {
    expect(contextOverflow(error)).toBeNull()
  })

  it('reads a hostile message in time that grows with its length', () => {
    expect(contextOverflow(refusal('9'.repeat(4000)))).toBeNull()
    expect(contextOverflow(refusal(`maximum context length ${'1 '.repeat(2000)}`))).toEqual(unknown)
  })
})
