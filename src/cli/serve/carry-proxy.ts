import { Writable } from 'node:stream'
import type { CarriedProxy } from '../run/proxy-for-run.ts'
import type { ServeOptions } from './serve.ts'

/** So many of the last lines of its log are kept. */
const keptLines = 20

/** A proxy in this process beside a client that has the terminal: its log is kept until the client has ended. */
export async function carryProxy({
  load,
  start,
  process,
}: Pick<ServeOptions, 'load' | 'start' | 'process'>): Promise<CarriedProxy> {
  const loaded = await load()
  let lines: string[] = [...loaded.notices]
  const stderr = new Writable({
    write(piece: Buffer, _encoding, done) {
      lines = [
        ...lines,
        ...piece
          .toString()
          .split('\n')
          .filter((line) => line !== ''),
      ].slice(-keptLines)
      done()
    },
  })
  const proxy = await start({ loaded, reload: load, demoDefault: false, env: process.env, stderr })
  // One exchange's fault, however it escapes, must not end the client.
  process.on('uncaughtException', (fault) => proxy.reportFault(fault))
  process.on('unhandledRejection', (fault) => proxy.reportFault(fault))
  return { url: proxy.url, log: () => lines, close: () => proxy.close() }
}
