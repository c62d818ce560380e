import { describe, expect, it } from 'vitest'
import { protocolNames } from '../../../src/core/protocol-name.ts'
import { protocolNamed } from '../../../src/protocols/index.ts'
import { readCorpus } from '../../support/corpus.ts'
import { corpusSeed, type Random, randomFrom } from '../random.ts'
import { aboutAnswer, decoded, folded, recordedAnswers } from './recorded-answer.ts'

const seed = corpusSeed(1)
const streams = recordedAnswers().filter((answer) => answer.streams)
/** Up to this size a stream is cut at every byte, above at random places. */
const everyByteUpTo = 1200
const noiseMs = Number(process.env.LLMPROXY_NOISE_SECONDS ?? 2) * 1000

describe.skipIf(streams.length === 0)('a recorded stream', () => {
  it('gives the same answer wherever it is cut', () => {
    let cuts = 0
    const faults: string[] = []
    for (const { recorded, framing, events } of streams) {
      const bytes = Buffer.from(recorded.response.body)
      const random = randomFrom(seed, recorded.id)
      const places =
        bytes.length <= everyByteUpTo
          ? Array.from({ length: bytes.length - 1 }, (_, index) => index + 1)
          : Array.from({ length: 6 }, () => random.int(1, bytes.length - 1))
      const whole = JSON.stringify(folded(events))
      for (const at of places) {
        cuts++
        const decoder = protocolNamed(recorded.protocol).streamDecoder(framing)
        const again = decoded(decoder, [bytes.subarray(0, at), bytes.subarray(at)])
        if (JSON.stringify(folded(again)) !== whole) faults.push(`${recorded.id} (seed ${seed}) cut at ${at}`)
      }
    }
    console.log(`corpus: ${streams.length} streams cut at ${cuts} places, ${faults.length} differ`)
    expect(faults.slice(0, 10)).toEqual([])
    expect(streams.length).toBeGreaterThanOrEqual(172)
  })

  it('that was spoilt, and bytes that are none, make no decoder and no encoder throw or pile up', () => {
    const random = randomFrom(seed, 'noise')
    const untilMs = performance.now() + noiseMs
    let spoilt = 0
    let longest = 0
    while (performance.now() < untilMs) {
      const { recorded, framing } = random.pick(streams as [(typeof streams)[number], ...typeof streams])
      const bytes = spoil(Buffer.from(recorded.response.body), random)
      const reader = random.pick(protocolNames)
      const writer = random.pick(protocolNames)
      const decoder = protocolNamed(random.int(0, 3) === 0 ? reader : recorded.protocol).streamDecoder(
        framing,
      )
      const encoder = protocolNamed(writer).streamEncoder(aboutAnswer(recorded.protocol))
      let written = 0
      const startedMs = performance.now()
      for (let at = 0; at < bytes.length; ) {
        const size = random.int(1, 4096)
        const events = decoder.push(bytes.subarray(at, at + size)).filter(({ type }) => type !== 'error')
        written += encoder.push(events).length
        at += size
      }
      written +=
        encoder.push(decoder.end().filter(({ type }) => type !== 'error')).length + encoder.end().length
      longest = Math.max(longest, performance.now() - startedMs)
      // Each delta gets its own block of some hundred bytes, and the end says it all again.
      expect(written).toBeLessThan(bytes.length * 40 + 20_000)
      spoilt++
    }
    console.log(`noise: ${spoilt} spoilt streams (seed ${seed}), the slowest took ${longest.toFixed(0)} ms`)
    expect(spoilt).toBeGreaterThan(50)
  })
})

it('no recorded body, good or bad, makes any protocol’s decoders throw', () => {
  let bodies = 0
  for (const { response } of readCorpus()) {
    for (const protocol of protocolNames.map(protocolNamed)) {
      bodies++
      decoded(protocol.streamDecoder('sse'), [Buffer.from(response.body)])
      if (!/^\s*[[{]/.test(response.body)) continue
      decoded(protocol.streamDecoder('json-array'), [Buffer.from(response.body)])
      const whole = parsed(response.body)
      if (whole !== undefined) protocol.decodeAnswer(whole)
      if (whole !== undefined) protocol.decodeError(whole)
    }
  }
  console.log(`corpus: ${bodies} bodies read by every protocol, none made one throw`)
})

function parsed(text: string) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function spoil(bytes: Buffer, random: Random): Buffer {
  const kind = random.int(0, 3)
  if (kind === 0) return bytes.subarray(0, random.int(0, bytes.length))
  if (kind === 1) {
    for (let i = random.int(1, 20); i > 0; i--) {
      const at = random.int(0, bytes.length - 1)
      bytes[at] = (bytes[at] as number) ^ (1 << random.int(0, 7))
    }
    return bytes
  }
  if (kind === 2) {
    const from = random.int(0, bytes.length - 1)
    const to = random.int(from, bytes.length)
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)])
  }
  return Buffer.from(Array.from({ length: random.int(1, 3000) }, () => random.int(0, 255)))
}
