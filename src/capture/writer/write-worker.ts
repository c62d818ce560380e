import { parentPort, workerData } from 'node:worker_threads'
import { Inbox } from './thread/inbox.ts'
import type { ThreadCommand, ThreadSetup } from './thread-talk.ts'

const inbox = new Inbox(workerData as ThreadSetup, (reply) => parentPort?.postMessage(reply))
parentPort?.on('message', (what: ArrayBuffer | ThreadCommand) => inbox.take(what))
