import type { LossName } from '../../core/losses.ts'

/** What clients of this protocol call the things that can be lost. */
export const messageParameterNames: Readonly<Partial<Record<LossName, string>>> = {
  stop: 'stop_sequences',
  stop_of_spaces: 'stop_sequences',
  stop_sequences_beyond: 'stop_sequences',
  reasoning: 'thinking',
  reasoning_state: 'messages.content.signature',
  reasoning_text: 'messages.content.thinking',
  json_schema: 'output_config.format',
  system_in_conversation: 'messages.role',
  document_name: 'messages.content.title',
  citations: 'messages.content.citations',
  image_url: 'messages.content.source.url',
  document_url: 'messages.content.source.url',
  document_type: 'messages.content.source.media_type',
  file_id: 'messages.content.source.file_id',
  tool_strict: 'tools.strict',
  parallel_tool_calls: 'tool_choice.disable_parallel_tool_use',
  tool_result_error: 'messages.content.is_error',
  server_tool: 'tools',
  only_server_tools: 'tools',
  server_tool_options: 'tools',
  forced_tool: 'tool_choice',
  user: 'metadata.user_id',
}
