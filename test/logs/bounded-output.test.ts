import { Writable } from 'node:stream'
import { expect, it } from 'vitest'
import { boundedOutput } from '../../src/logs/bounded-output.ts'

/** A stream whose reader can stop and go on. */
function aPipe() {
  const written: string[] = []
  let isRead = true
  let goOn: (() => void) | undefined
  const stream = new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      const take = () => {
        written.push(String(chunk))
        done()
      }
      if (isRead) take()
      else goOn = take
    },
  })
  const read = async () => {
    isRead = true
    goOn?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { stream, written, read, stop: () => (isRead = false) }
}

it('writes every line while somebody reads', () => {
  const { stream, written } = aPipe()
  const write = boundedOutput(stream, (count) => `${count} lost\n`)
  for (let i = 0; i < 5000; i++) write(`line ${i}\n`)
  expect(written).toHaveLength(5000)
})

it('keeps at most a megabyte for a reader that has stopped, and says how many lines it lost', async () => {
  const pipe = aPipe()
  const write = boundedOutput(pipe.stream, (count) => `${count} lost\n`)
  pipe.stop()
  const line = `${'x'.repeat(1023)}\n`
  for (let i = 0; i < 3000; i++) write(line)
  expect(pipe.stream.writableLength).toBeLessThan((1 << 20) + 2 * line.length)
  const waiting = pipe.stream.writableLength / line.length
  await pipe.read()
  write('again\n')
  expect(pipe.written.slice(-2)).toEqual([`${3000 - waiting} lost\n`, 'again\n'])
})
