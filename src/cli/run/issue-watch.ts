import { type ClientRequest, get as getPlain } from 'node:http'
import { get as getSecure } from 'node:https'
import { isObject, stringAt } from '../../core/json.ts'
import { accessHeader } from '../clients/client.ts'

/** Listens to the issues that a proxy finds in passing traffic. */
export interface IssueWatch {
  /**
   * How many were found in these exchanges; the same one that became worse counts once. Null where the proxy does not
   * tell: it wants an access key with role admin, or it went away.
   */
  foundIn(exchanges: ReadonlySet<string>): number | null
  close(): void
}

/** Resolves when it listens, or when it is known that it may not. */
export function watchIssues(url: string, accessKey: string | null): Promise<IssueWatch> {
  const get = url.startsWith('https:') ? getSecure : getPlain
  const headers = accessKey === null ? {} : { [accessHeader]: accessKey }
  /** Exchange and code of each. */
  const found = new Map<string, Set<string>>()
  let isHeard = false
  return new Promise((resolve) => {
    const request: ClientRequest = get(`${url}/internal/events`, { headers, agent: false }, (answer) => {
      isHeard = answer.statusCode === 200
      let unread = ''
      answer.setEncoding('utf8')
      answer.on('data', (piece: string) => {
        const blocks = `${unread}${piece}`.split('\n\n')
        unread = blocks.pop() ?? ''
        for (const block of blocks) note(block)
      })
      answer.on('close', () => {
        isHeard = false
      })
      resolve(watch)
    })
    request.on('error', () => {
      isHeard = false
      resolve(watch)
    })
    const watch: IssueWatch = {
      foundIn(exchanges) {
        if (!isHeard) return null
        return [...found].reduce((sum, [id, codes]) => sum + (exchanges.has(id) ? codes.size : 0), 0)
      },
      close: () => request.destroy(),
    }
  })

  function note(block: string): void {
    const data = /^event: issue\ndata: (.*)$/m.exec(block)?.[1]
    if (data === undefined) return
    const issue: unknown = JSON.parse(data)
    const exchange = stringAt(issue, 'exchange')
    const code = stringAt(issue, 'code')
    if (!isObject(issue) || exchange === undefined || code === undefined) return
    const codes = found.get(exchange) ?? new Set()
    found.set(exchange, codes.add(code))
  }
}
