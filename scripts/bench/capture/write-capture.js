// Writes a capture of a wanted size through the real writer: exchanges of many sessions side by side, on a clock of its own.
import { statSync } from 'node:fs'
import { createCaptureWriter } from '../../../src/capture/writer/capture-writer.ts'
import { systemClock } from '../../../src/core/clock.ts'
import { protocolNames } from '../../../src/core/protocol-name.ts'
import { randomFrom } from '../../../test/capture/dedup/prose.ts'
import { Conversation } from './conversation.js'
import { exchangeEntries } from './exchange.js'

const besideEachOther = 8
/** So much is given before the writer is waited for: with more it would leave bodies undeduplicated. */
const waitEveryBytes = 4e6

/**
 * What traffic is like: `mixed` has agents and chats, `agents` long sessions alone, whose requests repeat nearly all that
 * was said, `streams` chats alone, whose requests are short.
 */
export const kinds = { mixed: 0.25, agents: 1, streams: 0 }

/** Gives the file's path, its exchanges, and the bytes of bodies that passed. */
export async function writeCapture({
  folder,
  bytes: wanted,
  kind,
  seed = 20_261_127,
  onProgress = () => {},
}) {
  const random = randomFrom(seed)
  let nowNs = 1e9
  const clock = { ...systemClock, monotonicNs: () => nowNs, nowMs: () => startMs + nowNs / 1e6 }
  const notices = []
  const writer = createCaptureWriter({
    settings: {
      ...{ mode: 'all', folder, recentBytes: 64e6, maxFileBytes: 1e12, maxTotalBytes: 1e13, minFreeBytes: 0 },
      sync: 'none',
    },
    ...{ clock, runKey: Buffer.from('bench'), version: '0' },
    onNotice: (notice) => notice.level !== 'info' && notices.push(notice.message),
  })
  let file = null
  let exchanges = 0
  let bodyBytes = 0
  let givenBytes = 0
  const lanes = Array.from({ length: besideEachOther }, (_, n) => new Lane(kinds[kind], random, n))
  for (;;) {
    // Of all that is under way, what comes next.
    const lane = lanes.reduce((first, other) => (other.nextNs < first.nextNs ? other : first))
    const { entry, isLast } = lane.next()
    nowNs = Math.max(nowNs, entry.t)
    writer.write(entry)
    givenBytes += 200 + (entry.bytes?.length ?? 0)
    bodyBytes += entry.bytes?.length ?? 0
    if (isLast) exchanges++
    if (givenBytes < waitEveryBytes) continue
    givenBytes = 0
    file = (await writer.save()).file
    const size = statSync(file).size
    onProgress(size)
    if (size >= wanted) break
  }
  const { dropped_records: dropped } = writer.state()
  await writer.close()
  if (dropped > 0 || notices.length > 0)
    throw new Error(`${dropped} records were dropped; ${notices.join('; ')}`)
  return { file, exchanges, bodyBytes, fileBytes: statSync(file).size }
}

const startMs = Date.parse('2026-11-27T09:00:00Z')

/** One client after the other, each with its conversation. */
class Lane {
  #agentShare
  #random
  #number
  #sessions = 0
  #exchanges = 0
  #session = null
  #entries = []
  #at = 0
  #openedNs

  constructor(agentShare, random, number) {
    this.#agentShare = agentShare
    this.#random = random
    this.#number = number
    this.#openedNs = 1e9 + random(1_000) * 1e6
    this.#begin()
  }

  get nextNs() {
    return this.#openedNs + this.#entries[this.#at].t
  }

  next() {
    const entry = this.#entries[this.#at]
    const t = this.#openedNs + entry.t
    // Given up at once: its bytes need not wait for the exchange's end.
    this.#entries[this.#at++] = null
    const isLast = this.#at === this.#entries.length
    if (isLast) {
      this.#openedNs = t + (500 + this.#random(20_000)) * 1e6
      this.#begin()
    }
    return { entry: { ...entry, t }, isLast }
  }

  #begin() {
    const random = this.#random
    if (this.#session === null || this.#session.turnsLeft-- === 0) this.#session = this.#newSession()
    const { id, conversation, client, backend } = this.#session
    const stream = random(4) > 0
    const lot = random(200)
    const fates = ['refused', 'refused', 'refused', 'refused', 'error', 'left', 'cut']
    const fate = fates[lot] ?? 'complete'
    this.#entries = exchangeEntries({
      ...{ id: `x_${this.#number}_${(this.#exchanges++).toString(36).padStart(6, '0')}`, session: id },
      ...{ conversation, client, backend, random },
      ...{ stream: stream || fate === 'left' || fate === 'cut', fate },
    })
    this.#at = 0
  }

  #newSession() {
    const random = this.#random
    const isAgent = random(1_000) < this.#agentShare * 1_000
    const client = protocolNames[random(4)]
    const backend = random(5) === 0 ? protocolNames[random(4)] : client
    return {
      ...{ id: `s_${this.#number}_${this.#sessions++}`, client, backend },
      conversation: new Conversation({ isAgent, random }),
      turnsLeft: isAgent ? 10 + random(40) : 1 + random(6),
    }
  }
}
