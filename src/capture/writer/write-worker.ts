import { parentPort, workerData } from 'node:worker_threads'
import { CaptureError } from '../format/capture-error.ts'
import { createGauge } from './gauge.ts'
import { Recording } from './thread/recording.ts'
import type { ThreadCommand, ThreadReply, ThreadSetup } from './thread-talk.ts'

const setup = workerData as ThreadSetup
const gauge = createGauge(setup.gauge)
const waiting: (ArrayBuffer | ThreadCommand)[] = []
let recording: Recording | undefined
let isWorking = false

const reply = (what: ThreadReply) => parentPort?.postMessage(what)

parentPort?.on('message', (what: ArrayBuffer | ThreadCommand) => {
  waiting.push(what)
  if (!isWorking) void work()
})

/** One after the other, though decoding takes its time. An error ends the thread, and another one begins. */
async function work(): Promise<void> {
  isWorking = true
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (next instanceof ArrayBuffer) await record(next)
    else obey(next)
  }
  isWorking = false
}

async function record(batch: ArrayBuffer): Promise<void> {
  const entries = (await recording?.take(batch)) ?? 0
  recording?.settle()
  gauge.dealtWith(batch.byteLength, entries)
}

function obey(command: ThreadCommand): void {
  switch (command.do) {
    case 'configure':
      if (recording) recording.configure(command.settings)
      else recording = new Recording(setup, command.settings, reply)
      return
    case 'save':
      return save(command)
    case 'close':
      recording?.close()
      reply({ is: 'closed' })
      gauge.setClosed()
  }
}

function save({ id, exchange }: Extract<ThreadCommand, { do: 'save' }>): void {
  if (!recording) return
  try {
    reply({ is: 'saved', id, saved: recording.save(exchange) })
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error
    reply({ is: 'failed', id, code: error.code, message: error.message })
  }
}
