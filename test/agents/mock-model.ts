import type { ProtocolName } from '../../src/core/protocol-name.ts'
import {
  anthropicStream,
  chatStream,
  geminiStream,
  jsonBody,
  openaiError,
  type RecordedRequest,
  responsesStream,
  type Script,
} from '../support/fake-provider.ts'
import { faultsOf } from './faults-of.ts'
import type { Agent } from './programs.ts'
import { toolNames } from './tool-names.ts'

const streams = {
  'openai-chat': chatStream,
  'openai-responses': responsesStream,
  'anthropic-messages': anthropicStream,
  gemini: geminiStream,
}

/** What the agent is to run, and what that prints. */
export const marks = ['MARK-ONE-41', 'MARK-TWO-42'] as const

/**
 * A model that calls the agent's shell tool where the prompt asks for it, once or twice at once, and then says what the
 * tools gave. It keeps what a real provider would have refused.
 */
export function mockModel(protocol: ProtocolName, agent: Agent, calls: 0 | 1 | 2, faults: string[]) {
  return (request: RecordedRequest): Script => {
    // Lists of models, and whether it is there.
    if (request.method !== 'POST') return openaiError(404)
    const body = jsonBody(request)
    faults.push(...faultsOf(protocol, body))
    const text = JSON.stringify(body)
    const stream = streams[protocol]
    const offered = toolNames(protocol, body).find((name) => agent.shellTool.test(name))
    // The marks stand in the commands too, with a space that the shell takes out.
    const seen = marks.filter((mark) => text.includes(mark))
    if (calls === 0 || offered === undefined) return stream(['PONG'])
    if (seen.length >= calls) return stream([`DONE ${seen.join(' ')}`])
    const toolCalls = marks.slice(0, calls).map((mark, index) => ({
      id: `call_${index}_${protocol === 'anthropic-messages' ? 'x' : 'y.1'}`,
      name: offered,
      arguments: agent.shellArguments(`echo ${mark.replace('MARK-', 'MARK"-"')}`),
    }))
    return stream([], { toolCalls })
  }
}
