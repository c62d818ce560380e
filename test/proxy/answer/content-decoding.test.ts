import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { ProxyError } from '../../../src/core/errors.ts'
import { decodingReceiver } from '../../../src/proxy/answer/content-decoding.ts'
import type { Flow, Receiver } from '../../../src/proxy/answer/receiver.ts'
import { encode } from '../../support/fake-provider.ts'

function decoding(encoding: string) {
  const heard: string[] = []
  const chunks: Buffer[] = []
  let inner: Flow | undefined
  let tellEnd = () => {}
  const over = new Promise<void>((resolve) => {
    tellEnd = resolve
  })
  const receiver: Receiver = {
    data: (bytes) => void chunks.push(bytes),
    ended: () => {
      heard.push('ended')
      tellEnd()
    },
    failed: ({ code }) => {
      heard.push(`failed ${code}`)
      tellEnd()
    },
    clientGone: () => heard.push('gone'),
  }
  const backend = { pause: () => heard.push('pause'), resume: () => heard.push('resume') }
  const made = decodingReceiver(encoding, backend, (flow) => {
    inner = flow
    return receiver
  })
  return { made, heard, over, bytes: () => Buffer.concat(chunks), flow: () => inner as Flow }
}

describe('a decoded stream', () => {
  it.each(['gzip', 'br', 'deflate'] as const)('gives what went into %s, byte by byte', async (encoding) => {
    const { made, heard, over, bytes } = decoding(encoding)
    for (const byte of encode(Buffer.from('grüße'), encoding)) made?.data(Buffer.from([byte]))
    made?.ended()
    await over
    expect(bytes().toString()).toBe('grüße')
    expect(heard.filter((call) => call !== 'pause' && call !== 'resume')).toEqual(['ended'])
  })

  it('gives everything that came before a break, then the failure, once', async () => {
    const { made, heard, over, bytes } = decoding('gzip')
    const wire = gzipSync(Buffer.from('all of it'))
    made?.data(wire.subarray(0, wire.length - 8))
    made?.failed(new ProxyError('backend_closed', 'cut'))
    await over
    expect(bytes().toString()).toBe('all of it')
    expect(heard).toEqual(['failed backend_closed'])
  })

  it('fails when the bytes are not what they should be', async () => {
    const { made, heard, over } = decoding('gzip')
    made?.data(Buffer.from('no gzip at all'))
    await over
    expect(heard).toContain('failed backend_answer')
  })

  it('holds the backend while its reader is behind, and lets it go on', async () => {
    const { made, heard, over, flow, bytes } = decoding('gzip')
    const content = randomBytes(400_000)
    const wire = gzipSync(content)
    flow().pause()
    let at = 0
    for (; !heard.includes('pause'); at += 1_000) made?.data(wire.subarray(at, at + 1_000))
    expect(at).toBeLessThan(wire.length)
    expect(heard).not.toContain('resume')
    flow().resume()
    while (!heard.includes('resume')) await new Promise((resolve) => setImmediate(resolve))
    made?.data(wire.subarray(at))
    made?.ended()
    await over
    expect(bytes().equals(content)).toBe(true)
  })

  it('does not exist for an encoding that nobody knows', () => {
    expect(decoding('compress').made).toBeUndefined()
  })
})
