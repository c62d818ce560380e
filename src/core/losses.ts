import type { ProtocolName } from './protocol-name.ts'

/**
 * How much a loss weighs (`spec/protocols.md`, "What cannot be carried"). `hint`: left out and named, or refused
 * where the backend is set to `untranslatable: reject`. `meaning`: always refused, for the answer would be another.
 * `adapted`: said in another way; named, never refused.
 */
export type LossWeight = 'hint' | 'meaning' | 'adapted'

export interface Loss {
  /** Lost of a request on its way to the backend, or of an answer on its way to the client. */
  side: 'request' | 'answer'
  /** The protocols that have no place for it: the backend's for a request, the client's for an answer. */
  missingIn: readonly ProtocolName[]
  weight: LossWeight
  reason: string
}

const chat = 'openai-chat'
const responses = 'openai-responses'
const messages = 'anthropic-messages'
const gemini = 'gemini'
const all = [chat, responses, messages, gemini] as const

const lostRequest =
  (weight: LossWeight) =>
  <const Where extends readonly ProtocolName[]>(missingIn: Where, reason: string) => ({
    ...{ side: 'request' as const, missingIn, weight, reason },
  })
const hint = lostRequest('hint')
const meaning = lostRequest('meaning')
const adapted = lostRequest('adapted')
const ofAnswer = <const Where extends readonly ProtocolName[]>(missingIn: Where, reason: string) => ({
  ...{ side: 'answer' as const, missingIn, weight: 'adapted' as const, reason },
})

/** Everything that can be lost between two protocols, and why: the one table (`GET /v1/capabilities`). */
export const losses = {
  // Sampling
  temperature: hint(
    [chat, responses, messages],
    'models that reason, and newer Claude models, refuse it; Claude takes at most 1',
  ),
  top_p: hint([chat, responses, messages], 'models that reason, and newer Claude models, refuse it'),
  top_k: hint([chat, responses, messages], 'OpenAI has none, and newer Claude models refuse it'),
  seed: hint([responses, messages], 'there is none'),
  frequency_penalty: hint([chat, responses, messages], 'there is none, or the model refuses it'),
  presence_penalty: hint([chat, responses, messages], 'there is none, or the model refuses it'),
  logit_bias: hint([responses, messages, gemini], 'only OpenAI chat has it, in tokens of its own models'),
  stop: meaning([responses], 'it has no stop sequences, so the answer would go on behind them'),
  stop_of_spaces: meaning(
    [messages],
    'it takes no stop sequence of white space alone, so the answer would go on behind it',
  ),
  stop_sequences_beyond: hint([chat, gemini], 'OpenAI takes 4 stop sequences, Gemini 5'),
  n: meaning([responses, messages], 'it gives one answer to a request'),
  logprobs: meaning([messages], 'it does not tell log probabilities'),
  prediction: hint([responses, messages, gemini], 'only OpenAI chat has predicted outputs'),
  verbosity: hint([chat, messages, gemini], 'only OpenAI has it'),
  // Reasoning
  reasoning: hint(all, 'the model does not reason, or not together with what else the request asks for'),
  reasoning_state: adapted(all, 'only the model that wrote it can read it'),
  reasoning_text: adapted(all, 'thoughts of earlier turns are taken only with the state that proves them'),
  // Output
  json_mode: adapted(
    [chat, messages, gemini],
    'there is no JSON mode, or none beside tools, or it wants to hear of JSON: a sentence in the system prompt asks for it',
  ),
  json_schema: adapted(
    [chat, messages, gemini],
    'older models and some providers take no schema, or none beside tools: a forced tool, or a sentence, stands in',
  ),
  other_output: meaning([chat, responses, messages], 'only Gemini answers with one word of a list'),
  audio_output: meaning([chat, responses, messages, gemini], 'the two ends do not share a form for sound'),
  image_output: meaning([chat, responses, messages], 'it does not answer with images'),
  // Prompt
  system_in_conversation: adapted(
    [chat, messages, gemini],
    'instructions in the middle become words of the user, where only the first may instruct',
  ),
  prefill: adapted(
    [messages],
    'newer Claude models do not go on with an answer: a word of the user asks for it',
  ),
  assistant_image: adapted(
    [chat, messages],
    'images that the model made are shown to it in the turn of the user',
  ),
  cache_control: hint(all, 'only Anthropic has cache breakpoints, and at most four'),
  system_message_form: adapted(all, 'only text can instruct'),
  prompt_cache_key: hint([chat, messages, gemini], 'only OpenAI has it'),
  image_detail: hint([messages, gemini], 'only OpenAI has it'),
  document_name: hint([gemini], 'it has no names for documents'),
  citations: hint([chat, responses, gemini], 'only Anthropic cites from the documents of a request'),
  image_url: meaning([gemini], 'its models up to 2.5 take no images by URL; send the image itself'),
  document_url: meaning([chat, gemini], 'it takes no documents by URL; send the document itself'),
  document_type: meaning(
    [chat, responses, messages],
    'it takes documents as PDF only, Anthropic also as text',
  ),
  file_id: meaning(all, 'an upload at one provider does not exist at another; send the content itself'),
  audio_input: meaning([responses, messages], 'it does not hear'),
  audio_url: meaning([chat, gemini], 'it takes no sound by URL; send the sound itself'),
  video_input: meaning([chat, responses, messages], 'it does not see video'),
  video_url: meaning([gemini], 'its models up to 2.5 take video by URL only from YouTube'),
  // Tools
  tool_strict: hint([chat, messages, gemini], 'it has no strict schemas, or the model or provider has not'),
  parallel_tool_calls: hint([chat, gemini], 'it cannot be told to call one tool at a time'),
  tool_result_error: adapted([chat, responses], 'a word before the text says that the tool failed'),
  custom_tool: adapted([chat, messages, gemini], 'free text comes as the one string of a JSON object'),
  server_tool: hint(all, 'the provider does not run this tool'),
  only_server_tools: meaning(all, 'the provider runs none of the tools that the request offers'),
  server_tool_options: hint(all, 'the same tool has no such option there'),
  server_tool_history: adapted(all, 'what another provider ran is history in words'),
  forced_tool: meaning(all, 'the tool that must be called cannot be offered there'),
  // State and account
  previous_response_id: meaning(
    [chat, messages, gemini],
    'the provider does not know that answer; send the whole input',
  ),
  stored_state: meaning(all, 'it stands for something kept at one provider'),
  background: meaning([chat, messages, gemini], 'only the OpenAI Responses API answers in the background'),
  user: hint([chat, gemini], 'it has no place for it'),
  metadata: hint([chat, messages, gemini], 'only OpenAI keeps metadata'),
  service_tier: hint([chat, messages, gemini], 'the tiers of providers are not each other’s'),
  store: hint([chat, messages, gemini], 'only OpenAI keeps answers'),
  safety_settings: hint([chat, responses, messages], 'only Gemini has them'),
  other_parameters: hint(all, 'no other protocol has it'),
  other_content: meaning(all, 'no other protocol has content of this kind'),
  // Answers
  answer_media: ofAnswer([messages], 'it has no place for images and sound in answers'),
  answer_citation: ofAnswer(all, 'only citations of a URL have a place'),
  answer_refusal: ofAnswer(
    [messages, gemini],
    'a refusal in words comes as text, and as the reason of the end',
  ),
  answer_pause: ofAnswer([chat, responses, gemini], 'a pause reads as an end'),
  answer_stop_sequence: ofAnswer([chat, responses, gemini], 'it does not tell which stop sequence ended it'),
  answer_server_tool: ofAnswer(all, 'what the provider ran itself comes as text'),
  answer_usage_details: ofAnswer(all, 'details of the usage that have no field'),
  answer_thoughts: ofAnswer([gemini], 'thoughts come only where includeThoughts asks for them'),
} as const satisfies Record<string, Loss>

export type LossName = keyof typeof losses

type MissingIn<Name extends LossName> = (typeof losses)[Name]['missingIn'][number]

/** The names that may be lost on one side at one protocol: what the table does not list does not compile. */
export type LossAt<Side extends Loss['side'], P extends ProtocolName> = {
  [Name in LossName]: (typeof losses)[Name]['side'] extends Side
    ? P extends MissingIn<Name>
      ? Name
      : never
    : never
}[LossName]

/** What was lost of one request, by its name in the table and, where it differs, its place in the request. */
export interface LostItem {
  loss: LossName
  param: string | null
}

/** Collects what an encoder could not say. */
export class Lost<Side extends Loss['side'], P extends ProtocolName> {
  readonly items: LostItem[] = []

  lose(loss: LossAt<Side, P>, param: string | null = null): void {
    if (!this.items.some((item) => item.loss === loss && item.param === param))
      this.items.push({ loss, param })
  }

  /** Of a call's `special` and its special parts, which are lost at every protocol that does not list them as its own. */
  loseSpecial(loss: LossName, param: string): void {
    if (!this.items.some((item) => item.loss === loss && item.param === param))
      this.items.push({ loss, param })
  }
}
