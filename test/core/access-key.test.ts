import { expect, test } from 'vitest'
import { accessKeyHash, newAccessKey } from '../../src/core/access-key.ts'

test('an access key has its prefix, 160 bits, and no twin', () => {
  expect(newAccessKey()).toMatch(/^lp_[0-9a-f]{40}$/)
  expect(new Set(Array.from({ length: 1000 }, () => newAccessKey())).size).toBe(1000)
  expect(newAccessKey((bytes) => new Uint8Array(bytes).fill(255))).toBe(`lp_${'f'.repeat(40)}`)
})

test('the hash is SHA-256 in hexadecimal digits', () => {
  // FIPS 180-2, appendix B.1.
  expect(accessKeyHash('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})
