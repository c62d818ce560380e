import { hash, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import type { Owner } from '../stores/store.ts'

/** This process, as stores tell it from others. The machine and its boot are told apart without being named. */
export function thisOwner(): Owner {
  const machine = hash('sha256', `${hostname()} ${bootId()}`).slice(0, 16)
  return { id: randomUUID(), pid: process.pid, machine }
}

/** Linux only: elsewhere a process number that is taken again is told by its silence. */
function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return ''
  }
}
