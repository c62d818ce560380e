import { operationOf } from '../support/openapi.ts'
import { rawRequest } from '../support/raw-client.ts'

export interface ApiRequest {
  method: string
  path: string
  body?: string
  headers?: Readonly<Record<string, string>>
}

/** A proxy's own API, asked as any client would, and which of its documented answers were had. */
export class ApiAnswers {
  readonly #port: number
  /** `GET /v1/usage/stats 200`, with the path as it is documented. */
  readonly had = new Set<string>()

  constructor(port: number) {
    this.#port = port
  }

  /** The status. What else there is of an answer is checked wherever a proxy answers (`support/openapi/check-answers.ts`). */
  async ask({ method, path, body = '', headers = {} }: ApiRequest): Promise<number> {
    const all = { host: '127.0.0.1', connection: 'close', 'content-length': `${body.length}`, ...headers }
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
    const answer = await rawRequest(this.#port, `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`)
    const { template } = operationOf(method, path) ?? {}
    if (template !== undefined) this.had.add(`${method} ${template} ${answer.status}`)
    return answer.status
  }
}
