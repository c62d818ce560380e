import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { apiClient } from '../../src/cli/api-client.ts'

async function serverThatSays(status: number, body: string): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(status).end(body))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const asked = (url: string) => apiClient(url, undefined).get('/v1/usage/stats', new URLSearchParams())

describe('what a proxy refuses', () => {
  it('is told in its words, without anything that could move the cursor', async () => {
    const url = await serverThatSays(
      400,
      JSON.stringify({ error: { message: 'no\u001b[2J\nerror: forged' } }),
    )
    await expect(asked(url)).rejects.toMatchObject({ message: 'no␛[2J␊error: forged', exitCode: 2 })
  })

  it('is bounded, however much it says', async () => {
    const url = await serverThatSays(500, JSON.stringify({ error: { message: 'x'.repeat(100_000) } }))
    await expect(asked(url)).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(/^x{1999}…$/),
    })
  })

  it('is no llmproxy’s where the answer is not of ours', async () => {
    const url = await serverThatSays(500, '<html>')
    await expect(asked(url)).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('no llmproxy'),
    })
  })
})

describe('an access key that no header can carry', () => {
  it.each(['lp_a\nb', 'lp_ключ', 'a b', ''])('%j is refused before anything is sent', (key) => {
    expect(() => apiClient('http://127.0.0.1:1', key)).toThrow(/access key has a space, a line break/)
  })
})

describe('what is posted', () => {
  it('is JSON where there is something to say, and nothing else', async () => {
    const heard: [type: string | undefined, body: string][] = []
    const server = createServer(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      heard.push([request.headers['content-type'], body])
      response.end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const client = apiClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, undefined)
    await client.post('/a')
    await client.post('/a', { mode: 'off' })
    expect(heard).toEqual([
      [undefined, ''],
      ['application/json', '{"mode":"off"}'],
    ])
  })
})
