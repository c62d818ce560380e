import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** What the system says of a process: Linux only. */
export interface ProcessState {
  rssMb: number
  threads: number
  /** How many of each kind: sockets by their states, `pipe`, `anon_inode`, or a file by the end of its name. */
  descriptors: Readonly<Record<string, number>>
}

export function processState(pid: number): ProcessState {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const number = (pattern: RegExp) => Number(pattern.exec(status)?.[1])
  return {
    rssMb: (number(/VmRSS:\s+(\d+) kB/) * 1024) / 1e6,
    threads: number(/Threads:\s+(\d+)/),
    descriptors: descriptorsOf(pid),
  }
}

export function sumOf(descriptors: ProcessState['descriptors']): number {
  return Object.values(descriptors).reduce((sum, count) => sum + count, 0)
}

/** What there is more or less of than before: `socket 14, was 12`. */
export function changesSince(before: ProcessState, now: ProcessState): string[] {
  const kinds = new Set([...Object.keys(before.descriptors), ...Object.keys(now.descriptors)])
  const changes = [...kinds].flatMap((kind) => {
    const [was, is] = [before.descriptors[kind] ?? 0, now.descriptors[kind] ?? 0]
    return is > was ? [`descriptors ${kind}: ${is}, before the load ${was}`] : []
  })
  if (now.threads > before.threads) changes.push(`threads: ${now.threads}, before the load ${before.threads}`)
  return changes
}

function descriptorsOf(pid: number): Record<string, number> {
  const folder = `/proc/${pid}/fd`
  const counts: Record<string, number> = {}
  const sockets = tcpSockets(pid)
  for (const name of readdirSync(folder)) {
    const kind = kindOf(join(folder, name), sockets)
    if (kind !== null) counts[kind] = (counts[kind] ?? 0) + 1
  }
  return counts
}

const tcpStates: Record<string, string> = { '01': 'connected', '08': 'left by its peer', '0A': 'listening' }

/** What each socket is, by its inode: proc(5), `net/tcp`. */
function tcpSockets(pid: number): ReadonlyMap<string, string> {
  const lines = readFileSync(`/proc/${pid}/net/tcp`, 'utf8').split('\n').slice(1)
  const connected = lines.map((line) => line.trim().split(/\s+/)).filter((fields) => fields.length > 9)
  const listening = new Set(connected.filter((fields) => fields[3] === '0A').map((fields) => fields[1]))
  return new Map(
    connected.map(([, local, , state = '', , , , , , inode = '']) => {
      const side = listening.has(local) ? 'in' : 'out'
      return [inode, `socket ${state === '0A' ? '' : `${side} `}${tcpStates[state] ?? state}`]
    }),
  )
}

function kindOf(path: string, sockets: ReadonlyMap<string, string>): string | null {
  try {
    const link = readlinkSync(path)
    const inode = /^socket:\[(\d+)\]/.exec(link)?.[1]
    if (inode !== undefined) return sockets.get(inode) ?? 'socket'
    const kind = /^(pipe|anon_inode)/.exec(link)?.[1]
    return kind ?? /\.[a-z]+(?:-wal|-shm)?$/.exec(link)?.[0] ?? link
  } catch {
    return null // closed since the folder was read
  }
}

const looksEveryMs = 500
const staysTheSameMs = 5_000
const quietWithinMs = 30_000

/** Once nothing of it has changed for longer than it keeps idle connections. */
export async function quietState(pid: number): Promise<ProcessState> {
  const startMs = performance.now()
  let state = processState(pid)
  let sinceMs = startMs
  for (;;) {
    await pause(looksEveryMs)
    const now = processState(pid)
    const nowMs = performance.now()
    if (JSON.stringify([now.descriptors, now.threads]) !== JSON.stringify([state.descriptors, state.threads]))
      sinceMs = nowMs
    state = now
    if (nowMs - sinceMs >= staysTheSameMs || nowMs - startMs >= quietWithinMs) return state
  }
}
