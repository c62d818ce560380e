import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSecrets } from '../../../src/core/secrets/secrets.ts'

const secret = 'own_Zk9.51zz/QQtop+hidden='

function split(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])]
  places.sort((a, b) => a - b)
  return places.slice(1).map((end, i) => bytes.subarray(places[i], end))
}

function redacted(chunks: readonly Buffer[], values: readonly string[] = [secret]): Buffer[] {
  const secrets = createSecrets()
  for (const value of values) secrets.add(value, 'provider-key')
  const redactor = secrets.redactor()
  const out: Uint8Array[] = []
  for (const chunk of chunks) {
    // Bytes are lent: the next read may use the same memory.
    const lent = Buffer.from(chunk)
    out.push(...redactor.push(lent).map((bytes) => Uint8Array.from(bytes)))
    lent.fill(0)
  }
  return [...out, ...redactor.end()].map((bytes) => Buffer.from(bytes))
}

it('recognises a key by its looks also where its end may begin a known secret', () => {
  const secrets = createSecrets(Buffer.from('a fixed key for this test'))
  secrets.add('own_Zk9.51zz/QQtop+hidden=value', 'provider-key')
  const text = `tried sk-proj-${'abcDEF123456_7890'}" and ended`
  const redactor = secrets.redactor()
  const bytes = [...Buffer.from(text)].flatMap((byte) => redactor.push(Uint8Array.of(byte)))
  const clean = Buffer.concat([...bytes, ...redactor.end()]).toString()
  expect(clean).toMatch(/^tried token-[0-9a-f]{4}\*+" and ended$/)
  expect(clean).toHaveLength(text.length)
})

describe('redactor', () => {
  it('finds a known value however it is cut, keeps every boundary and every other byte', () => {
    const forms = [
      secret,
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64').slice(0, 34),
      Buffer.from(`x${secret}`).toString('base64').slice(2, 36),
    ]
    fc.assert(
      fc.property(
        fc.constantFrom(...forms),
        fc.uint8Array({ maxLength: 60 }),
        fc.uint8Array({ maxLength: 60 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        (form, before, after, cuts) => {
          const bytes = Buffer.concat([before, Buffer.from(`\n${form}\n`), after])
          const chunks = split(bytes, cuts)
          const out = redacted(chunks)
          expect(out.map((chunk) => chunk.length)).toEqual(chunks.map((chunk) => chunk.length))
          const clean = Buffer.concat(out)
          const start = before.length + 1
          expect(clean.includes(form)).toBe(false)
          expect(clean.toString('latin1', start, start + form.length)).toMatch(/^provider-key-[0-9a-f]{4}\**/)
          expect(clean.subarray(0, start)).toEqual(bytes.subarray(0, start))
          expect(clean.subarray(start + form.length)).toEqual(bytes.subarray(start + form.length))
        },
      ),
      { numRuns: 300 },
    )
  })

  it('finds keys that nobody told it about, however they are cut', () => {
    const text =
      'x {"k":"sk-proj-abcDEF123456_7890"} Bearer hunter2hunter2 cookie: a=secretone; b=secrettwo\n/m?key=zzz '
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 20 }), (cuts) => {
        const clean = Buffer.concat(redacted(split(Buffer.from(text), cuts))).toString()
        expect(clean).toHaveLength(text.length)
        expect(clean).not.toMatch(/sk-|abcDEF|hunter2|secretone|secrettwo|zzz/)
        expect(clean.startsWith('x {"k":"token-')).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('finds secrets that overlap or lie one within the other', () => {
    const values = ['alpha-beta-gamma', 'gamma-delta-epsilon', 'beta-gam']
    const text = Buffer.from('<alpha-beta-gamma-delta-epsilon> <beta-gam> <alpha-beta-gamma>')
    for (let cut = 0; cut <= text.length; cut++) {
      const clean = Buffer.concat(redacted([text.subarray(0, cut), text.subarray(cut)], values)).toString()
      expect(clean).toHaveLength(text.length)
      expect(clean).not.toMatch(/alpha|beta|gamma|delta|epsilon/)
    }
  })

  it('lets a chunk that ends between words through at once, without a copy', () => {
    const redactor = createSecrets().redactor()
    const chunk = Buffer.from('data: {"text":"hello there"}\n\n')
    const [out] = redactor.push(chunk)
    expect(out?.buffer).toBe(chunk.buffer)
    expect(redactor.end()).toEqual([])
  })

  it('never keeps more than a bounded tail of a text without spaces', () => {
    const redactor = createSecrets().redactor()
    let kept = 0
    for (let i = 0; i < 64; i++) {
      kept += 4096 - redactor.push(Buffer.alloc(4096, 'a')).reduce((sum, bytes) => sum + bytes.length, 0)
      expect(kept).toBeLessThanOrEqual(20 * 1024)
    }
  })
})
