import { Agent, request } from 'node:http'
import { sharedClockUs } from './load-answers.ts'

export interface PacedStreams {
  /** Microseconds from a frame's sending to its arrival, for every frame of every stream. */
  delaysUs: number[]
  /** What was not as it should be: a missing, doubled or moved frame, a cut, a status. At most one a stream. */
  faults: string[]
}

export interface PacedStreamsOptions {
  url: string
  streams: number
  frames: number
  everyMs: number
  headers?: Record<string, string>
}

/** Opens this many paced streams, spread over one frame's time, and reads them all to their end. */
export async function readPacedStreams(options: PacedStreamsOptions): Promise<PacedStreams> {
  const agent = new Agent({ keepAlive: false })
  const delaysUs: number[] = []
  const faults: string[] = []
  const startedMs = performance.now()
  const readings = Array.from({ length: options.streams }, async (_, index) => {
    // A frame's time apart at the most, so that frames come one by one and not all streams' at once.
    const startMs = startedMs + (index * options.everyMs) / options.streams
    await new Promise((resolve) => setTimeout(resolve, startMs - performance.now()))
    const fault = await readOne(options, agent, delaysUs)
    if (fault) faults.push(`stream ${index}: ${fault}`)
  })
  await Promise.all(readings)
  return { delaysUs, faults }
}

const stamp = /"content":"(\d+)@(\d+) "/

function readOne(options: PacedStreamsOptions, agent: Agent, delaysUs: number[]): Promise<string | null> {
  return new Promise((resolve) => {
    const body = JSON.stringify({
      model: 'gpt-load',
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: 'user', content: 'count' }],
    })
    const headers = {
      'content-type': 'application/json',
      'fake-answer': `paced ${options.frames} ${options.everyMs}`,
      ...options.headers,
    }
    const sent = request(options.url, { method: 'POST', headers, agent }, (answer) => {
      const reader = new StampReader(delaysUs)
      answer.setEncoding('latin1')
      answer.on('data', (text: string) => reader.push(text))
      answer.on('error', (error) => resolve(`cut: ${error.message}`))
      answer.on('end', () => {
        if (answer.statusCode !== 200) resolve(`status ${answer.statusCode}`)
        else resolve(reader.fault(options.frames))
      })
    })
    sent.setNoDelay(true)
    sent.on('error', (error) => resolve(error.message))
    sent.end(body)
  })
}

/** Reads stamped frames in any pieces and keeps account of their order. */
class StampReader {
  private readonly delaysUs: number[]
  private rest = ''
  private next = 0
  private outOfOrder: string | null = null
  private done = false

  constructor(delaysUs: number[]) {
    this.delaysUs = delaysUs
  }

  push(text: string): void {
    const nowUs = sharedClockUs()
    const blocks = (this.rest + text).split('\n\n')
    this.rest = blocks.pop() ?? ''
    for (const block of blocks) this.read(block, nowUs)
  }

  fault(frames: number): string | null {
    if (this.outOfOrder) return this.outOfOrder
    if (this.next !== frames) return `${this.next} of ${frames} frames`
    return this.done && this.rest === '' ? null : 'no end of the stream'
  }

  private read(block: string, nowUs: number): void {
    const found = stamp.exec(block)
    if (!found) {
      if (block === 'data: [DONE]') this.done = true
      else if (!block.includes('"finish_reason":"stop"')) this.outOfOrder ??= `not sent: ${block}`
      return
    }
    if (Number(found[1]) !== this.next) this.outOfOrder ??= `frame ${found[1]} in place of ${this.next}`
    this.next++
    this.delaysUs.push(nowUs - Number(found[2]))
  }
}
