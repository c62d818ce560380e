import { accessHeader, type Client, type Connection } from './client.ts'
import { shellWord } from './shell.ts'

export const curl: Client = {
  name: 'curl',
  title: 'curl',
  command: 'curl',
  login: () => ({ words: 'needs none: demo:echo', kind: 'none', unmeasured: null }),
  lines: (connection) => [curlLine(connection)],
  notes: () => ['demo:echo answers without any provider; put in another model to reach one'],
}

/** A line that answers at once, through the built-in demo backend. */
export function curlLine({ url, accessKey }: Connection): string {
  const body = { model: 'demo:echo', messages: [{ role: 'user', content: 'hello' }] }
  const header =
    accessKey === null
      ? []
      : [
          '-H',
          accessKey.variable === null
            ? shellWord(`${accessHeader}: ${accessKey.value}`)
            : `"${accessHeader}: $${accessKey.variable}"`,
        ]
  return [
    'curl',
    `${url}/v1/chat/completions`,
    ...header,
    '-H',
    shellWord('content-type: application/json'),
    '-d',
    shellWord(JSON.stringify(body)),
  ].join(' ')
}
