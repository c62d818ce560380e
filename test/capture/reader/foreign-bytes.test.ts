import { closeSync, ftruncateSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tempFolder } from '../../support/temp-folder.ts'
import { inPieces, readAll, readBytes } from './sample.ts'

const noCapture = expect.objectContaining({ code: 'not_a_capture' })

test('a hundred megabytes of zeros is one message, soon and in little memory', async () => {
  const path = join(tempFolder(), 'zeros')
  const file = openSync(path, 'w')
  ftruncateSync(file, 128 << 20)
  closeSync(file)
  const before = process.memoryUsage().arrayBuffers
  let most = 0
  const onProgress = () => {
    most = Math.max(most, process.memoryUsage().arrayBuffers)
  }
  await expect(readAll(path, { onProgress })).rejects.toThrow(
    expect.objectContaining({
      message: `no llmproxy capture: ${path} (nothing in its 134,217,728 bytes is a frame of one)`,
    }),
  )
  expect(most - before).toBeLessThan(64 << 20)
})

test('bytes made of the beginnings of frames, each of which claims megabytes, are gone through once', async () => {
  const head = Buffer.from('8344f74c50331a000000005a01000000', 'hex')
  const bytes = Buffer.alloc(24 << 20, head)
  const before = process.cpuUsage()
  await expect(readBytes(bytes, 1 << 20)).resolves.toMatchObject({ items: [] })
  const { user, system } = process.cpuUsage(before)
  expect((user + system) / 1e6).toBeLessThan(5)
})

test('a file of many kinds of bytes in a row never makes the reader throw anything else', async () => {
  const bits = fc.constantFrom(
    Buffer.from('d9d9f8da6374014043424f52', 'hex'),
    Buffer.from('8344f74c5033', 'hex'),
    Buffer.from('1a000000005a00000003', 'hex'),
    Buffer.from('a5656d61676963734c4c4d50524f58592d434150545552452d5632', 'hex'),
    Buffer.from('a4627473fb41da4b60d0000000', 'hex'),
    Buffer.from('6776657273696f6e02', 'hex'),
    Buffer.from('6364697200637365710064646174614101', 'hex'),
  )
  const bytes = fc.array(fc.oneof(bits, fc.uint8Array({ maxLength: 20 })), { maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(bytes, fc.integer({ min: 1, max: 200 }), async (parts, size) => {
      const all = Buffer.concat(parts)
      await readAll('-', { stdin: inPieces(all, size) }).catch((error) => expect(error).toEqual(noCapture))
    }),
    { numRuns: 500 },
  )
})

test('the name of a file stands in the message as it was given', async () => {
  const path = join(tempFolder(), 'picture.png')
  writeFileSync(path, Buffer.from('89504e470d0a1a0a', 'hex'))
  await expect(readAll(path)).rejects.toThrow(path)
})
