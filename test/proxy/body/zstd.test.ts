import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ProxyError } from '../../../src/core/errors.ts'
import { unzstd } from '../../../src/proxy/body/zstd.ts'
import { encode } from '../../support/fake-provider.ts'

const tooLarge = () => new ProxyError('body_too_large', 'too large')
const decode = (bytes: Buffer, maxBytes = 1 << 20) => unzstd(bytes, maxBytes, tooLarge).toString()

// Made by the reference encoder, with a checksum: zstd -3.
const reference = Buffer.from('KLUv/QRYbQAAOGhlbGxvIAoBAKlLERpIcqs=', 'base64')
const skippable = Buffer.from([0x5f, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3])

it('reads what the reference encoder writes, alone and between other frames', () => {
  const text = 'hello hello hello hello hello\n'
  expect(decode(reference)).toBe(text)
  expect(decode(Buffer.concat([reference, skippable, reference]))).toBe(text + text)
})

it('joins several frames and passes over skippable ones', () => {
  const [a, b] = [encode(Buffer.from('one '), 'zstd'), encode(Buffer.from('two'), 'zstd')]
  expect(decode(Buffer.concat([skippable, a, skippable, b]))).toBe('one two')
})

it('holds its limit to the byte', () => {
  const wire = encode(Buffer.alloc(1_000, 'x'), 'zstd')
  expect(decode(wire, 1_000)).toHaveLength(1_000)
  expect(() => decode(wire, 999)).toThrow(expect.objectContaining({ code: 'body_too_large' }))
})

it('gives an error of ours or a text for whatever bytes come, and soon', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(8), (noise, from) => {
      const wire = encode(Buffer.from('some content'), 'zstd')
      const bytes = Buffer.concat([wire.subarray(0, 4 + from), noise])
      try {
        decode(bytes)
      } catch (error) {
        expect(['bad_encoding', 'body_too_large']).toContain((error as ProxyError).code)
      }
    }),
    { numRuns: 500 },
  )
})
