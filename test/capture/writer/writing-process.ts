// Writes streams through a capture writer of its own until it is killed, or ends as it is told: see death.test.ts.
import { appendFileSync } from 'node:fs'
import { createCaptureWriter } from '../../../src/capture/writer/capture-writer.ts'
import { systemClock } from '../../../src/core/clock.ts'
import { WrittenExchange } from './an-exchange.ts'
import { settingsFor } from './settings-for.ts'

const [folder = '', logFile = '', end = ''] = process.argv.slice(2)
const streams = 4
const everyMs = 5

const writer = createCaptureWriter({
  ...{ settings: settingsFor(folder), clock: systemClock, runKey: Buffer.from('key'), version: '1.0.0' },
  onNotice: () => {},
})
const exchanges = Array.from({ length: streams }, (_, i) => new WrittenExchange(writer, `x_${i}`))
for (const exchange of exchanges) {
  exchange.ask()
  exchange.answer()
}
let n = 0
let sinceOpened = 0
setInterval(() => {
  for (const { x } of exchanges) appendFileSync(logFile, `${x} ${n} ${Date.now()}\n`)
  for (const exchange of exchanges) exchange.chunk(`data: ${exchange.x} ${n}\n\n`)
  n++
  // The thread takes a while to start.
  if (writer.state().file !== null) sinceOpened++
  if (end === 'throw' && sinceOpened === 20) throw new Error('uncaught, on purpose')
  if (end === 'exit' && sinceOpened === 20) process.exit(3)
}, everyMs)
