import type { LossName } from '../../core/losses.ts'

/** What a Responses request calls the parameters of losses, where that is not the loss's name. */
export const responsesParamNames: Readonly<Partial<Record<LossName, string>>> = {
  logprobs: 'top_logprobs',
  verbosity: 'text.verbosity',
  json_mode: 'text.format',
  json_schema: 'text.format',
  reasoning_state: 'encrypted_content',
  reasoning_text: 'reasoning',
  system_in_conversation: 'input',
  tool_result_error: 'function_call_output',
  server_tool: 'tools',
  only_server_tools: 'tools',
  server_tool_options: 'tools',
  server_tool_history: 'input',
  custom_tool: 'tools',
  tool_strict: 'strict',
  forced_tool: 'tool_choice',
  image_detail: 'detail',
  image_url: 'input_image',
  document_name: 'filename',
  document_url: 'file_url',
  document_type: 'input_file',
  audio_input: 'input_audio',
}
