import type { LossName } from '../../core/losses.ts'

/** What a chat request calls the parameters of losses, where that is not the loss's name. */
export const chatParamNames: Readonly<Partial<Record<LossName, string>>> = {
  reasoning: 'reasoning_effort',
  reasoning_state: 'reasoning_details',
  reasoning_text: 'reasoning_content',
  json_mode: 'response_format',
  json_schema: 'response_format',
  stop_sequences_beyond: 'stop',
  server_tool: 'tools',
  only_server_tools: 'tools',
  server_tool_options: 'web_search_options',
  forced_tool: 'tool_choice',
  tool_strict: 'strict',
  custom_tool: 'tools',
  system_in_conversation: 'messages',
  tool_result_error: 'messages',
  server_tool_history: 'messages',
  image_detail: 'detail',
  document_name: 'filename',
  image_url: 'image_url',
  document_url: 'file',
  document_type: 'file',
  file_id: 'file_id',
  audio_input: 'input_audio',
  audio_output: 'modalities',
  image_output: 'modalities',
}
