import type { ExchangePlan, Protocol } from './plan.ts'

export interface ClientRequest {
  path: string
  body: string
}

const tool = {
  description: 'Does what its name says.',
  schema: {
    type: 'object',
    properties: { text: { type: 'string' }, path: { type: 'string' } },
    required: ['text', 'path'],
  },
}
const toolNames = ['read_file', 'search', 'write_note']

/** Only where the answer calls one: what tools add to a prompt is no plain text. */
export function offersTools({ parts }: ExchangePlan): boolean {
  return parts.some(({ calls }) => calls.length > 0)
}

export function requestOf(plan: ExchangePlan): ClientRequest {
  const selector = plan.parts.map(({ backend, model }) => `${backend}:${model}`).join('|')
  const request = writers[plan.client](plan, selector)
  // A rejected one names no model, or is no JSON where the path names it.
  if (plan.kind === 'rejected') request.body = plan.client === 'gemini' ? '{"contents": [' : '{"model": null}'
  return request
}

const writers: Record<Protocol, (plan: ExchangePlan, model: string) => ClientRequest> = {
  'openai-chat': (plan, model) => ({
    path: '/v1/chat/completions',
    body: JSON.stringify({
      ...{ model, stream: plan.stream, messages: [{ role: 'user', content: plan.prompt }] },
      ...(offersTools(plan) && {
        tools: toolNames.map((name) => ({
          type: 'function',
          function: { name, description: tool.description, parameters: tool.schema },
        })),
      }),
    }),
  }),
  'openai-responses': (plan, model) => ({
    path: '/v1/responses',
    body: JSON.stringify({
      ...{ model, stream: plan.stream, input: plan.prompt },
      ...(offersTools(plan) && {
        tools: toolNames.map((name) => ({
          ...{ type: 'function', name, description: tool.description, parameters: tool.schema },
          strict: false,
        })),
      }),
    }),
  }),
  'anthropic-messages': (plan, model) => ({
    path: '/v1/messages',
    body: JSON.stringify({
      ...{ model, stream: plan.stream, max_tokens: 8_000 },
      messages: [{ role: 'user', content: plan.prompt }],
      ...(offersTools(plan) && {
        tools: toolNames.map((name) => ({ name, description: tool.description, input_schema: tool.schema })),
      }),
    }),
  }),
  gemini: (plan, model) => ({
    path: geminiPath(plan, model),
    body: JSON.stringify({
      contents: [{ role: 'user', parts: [{ text: plan.prompt }] }],
      ...(offersTools(plan) && {
        tools: [
          {
            functionDeclarations: toolNames.map((name) => ({
              ...{ name, description: tool.description, parameters: tool.schema },
            })),
          },
        ],
      }),
    }),
  }),
}

function geminiPath({ stream, asArray, kind }: ExchangePlan, selector: string): string {
  const model = kind === 'rejected' ? 'gemini-2.5-pro' : selector
  const method = stream ? `streamGenerateContent${asArray ? '' : '?alt=sse'}` : 'generateContent'
  return `/v1beta/models/${model.split('/').map(encodeURIComponent).join('/')}:${method}`
}
