import { expect, onTestFinished, test } from 'vitest'
import { expectError } from '../errors/error-shapes.ts'
import { backendsAt, type ProtocolClient, protocolClients } from '../errors/protocol-clients.ts'
import { generationCall } from '../errors/raw-call.ts'
import { holdOpen } from '../life/hold-open.ts'
import { startFakeProvider } from '../support/fake-provider.ts'
import { rawRequest } from '../support/raw-client.ts'
import { serving } from './serving.ts'

const goingKey = 'lp_going_0123456789abcdef'
const stayingKey = 'lp_staying_0123456789abcdef'
const [chat] = protocolClients as readonly [ProtocolClient]

/** The program with two access keys and a stream that runs under one of them. */
async function underWay() {
  const provider = await startFakeProvider()
  onTestFinished(() => provider.close())
  const config = (more: object) => ({
    backends: backendsAt(provider.origin, { models: ['m'] }),
    logging: { format: 'pretty' },
    ...more,
  })
  const program = await serving(config({ auth: { api_keys: [goingKey, stayingKey] } }))
  const [name, value] = chat.keyHeader(goingKey)
  const stream = await holdOpen(program.url, provider, chat, { headers: { [name]: value } })
  return { provider, config, program, stream }
}

/** What a call is answered with that may be refused at once. */
async function statusWith(port: number, key: string, model: string): Promise<number> {
  const headers = [chat.keyHeader(key)]
  return (await rawRequest(port, generationCall(chat, { headers, model, body: '{"messages":1' }))).status
}

test.each([
  ['SIGHUP', true],
  ['the watch over the file', false],
] as const)('%s takes the new file while a stream runs to its end', async (_, bySignal) => {
  const { config, program, stream, provider } = await underWay()
  program.rewrite(
    config({
      auth: { api_keys: [stayingKey] },
      model_aliases: [{ pattern: 'new-*', replacement: 'openai:m' }],
    }),
  )
  if (bySignal) program.process.kill('SIGHUP')
  await program.says(/configuration reloaded/)

  const words = ['is no access key of this proxy']
  const refused = { status: 401, code: 'access_key_wrong', words, shouldRetry: false }
  const gone = await rawRequest(program.port, generationCall(chat, { headers: [chat.keyHeader(goingKey)] }))
  expectError(chat.protocol, gone, refused)
  stream.goOn()
  expect(stream.begun + (await stream.rest())).toBe(stream.whole)
  const next = await rawRequest(
    program.port,
    generationCall(chat, { headers: [chat.keyHeader(stayingKey)], model: 'new-model', stream: true }),
  )
  expect(next.status).toBe(200)
  expect(provider.requests.at(-1)?.body.toString()).toContain('"model":"m"')
})

test('a faulty file is told with its place, and the running configuration stays', async () => {
  const { config, program, stream } = await underWay()
  program.rewrite('prot: 1\nlogging: {level: loud}\n')
  program.process.kill('SIGHUP')
  await program.says(/the running one stays/)
  await program.says(/mine\.yaml:1:1: prot: unknown key "prot"; did you mean port\?/)
  await program.says(/mine\.yaml:2:18: logging\.level: got "loud"/)
  expect(await statusWith(program.port, goingKey, 'm')).toBe(400)
  program.rewrite(config({ auth: { api_keys: [stayingKey] } }))
  program.process.kill('SIGHUP')
  await program.says(/configuration reloaded/)
  expect(await statusWith(program.port, goingKey, 'm')).toBe(401)
  stream.goOn()
  expect(stream.begun + (await stream.rest())).toBe(stream.whole)
})
