import type { Answer, AnswerPart } from '../../core/answer.ts'
import type { AssistantPart, Message, Source, ToolResultPart, UserPart } from '../../core/call.ts'
import { parsedJson } from '../view/raw-event.ts'
import { codeSpan, fenced } from './fences.ts'

const roles = { system: 'System', user: 'User', assistant: 'Assistant' } as const

/** A message of a conversation. Results of tools come in the user's messages, and are told apart. */
export function messageParts({ role, parts }: Message): string[] {
  const results = parts.filter((part) => part.type === 'tool_result')
  const said = parts.filter((part) => part.type !== 'tool_result')
  const own = said.length === 0 ? [] : [`### ${roles[role]}`, ...said.map(partBlock)]
  return [...results.flatMap(resultBlocks), ...own]
}

export function answerParts({ choices }: Answer): string[] {
  return choices.flatMap(({ parts, end }, at) => [
    choices.length === 1 ? '### Assistant' : `### Assistant, choice ${at + 1}`,
    ...parts.map(partBlock),
    ...(end.reason === 'stop' || end.reason === 'tool' ? [] : [`*Ended by ${codeSpan(end.raw)}*`]),
  ])
}

type Part = UserPart | AssistantPart | AnswerPart

function partBlock(part: Exclude<Part, ToolResultPart>): string {
  switch (part.type) {
    case 'text':
      return fenced(part.text, 'markdown')
    case 'reasoning':
      return part.text === ''
        ? '*Thoughts that only the provider can read*'
        : `Thoughts:\n\n${fenced(part.text)}`
    case 'refusal':
      return `Refused:\n\n${fenced(part.text)}`
    case 'tool_call':
      return `Calls ${codeSpan(part.name)} (${codeSpan(part.id)}):\n\n${argumentsBlock(part.arguments)}`
    case 'server_tool':
      return `The provider ran ${codeSpan(part.kind)}:\n\n${fenced(part.text)}`
    case 'media':
      return `*${codeSpan(part.mediaType)}, ${sizeOf(part.data)}*`
    case 'special':
      return `*Something else: ${codeSpan(part.param)}*`
    default:
      return `*${part.type}: ${sourceText(part.source)}*`
  }
}

function argumentsBlock(text: string): string {
  const json = parsedJson(text)
  return json === undefined ? fenced(text) : fenced(JSON.stringify(json, null, 2), 'json')
}

function resultBlocks({ callId, name, content, isError }: ToolResultPart): string[] {
  const of = name === undefined ? codeSpan(callId) : `${codeSpan(name)} (${codeSpan(callId)})`
  return [`### Tool ${isError ? 'error' : 'result'}: ${of}`, ...content.map(resultPart)]
}

function resultPart(part: ToolResultPart['content'][number]): string {
  return part.type === 'text' ? fenced(part.text) : partBlock(part)
}

function sourceText(source: Source): string {
  switch (source.kind) {
    case 'base64':
      return `${codeSpan(source.mediaType)}, ${sizeOf(source.data)}`
    case 'url':
      return codeSpan(source.url)
    case 'text':
      return `text, ${source.text.length} characters`
    case 'file':
      return `file ${codeSpan(source.id)}`
  }
}

function sizeOf(base64: string): string {
  return `${Math.round((base64.length * 3) / 4).toLocaleString('en-US')} bytes`
}
