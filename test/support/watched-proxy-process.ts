// A proxy in a process of its own that watches its event loop: see watched-proxy.ts.
import { once } from 'node:events'
import { watchLoop } from './loop-watch.ts'
import { startTestProxy } from './start-proxy.ts'

const [config] = (await once(process, 'message')) as [object]
const proxy = await startTestProxy({ ledger: true, config })
process.send?.({ url: proxy.url })
await once(process, 'message')
const watch = watchLoop()
await once(process, 'message')
const blocks = await watch.stop()
process.send?.({ blocks, log: proxy.log() })
await proxy.stop()
process.disconnect()
