import {
  accessSync,
  closeSync,
  constants,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  statfsSync,
  unlinkSync,
} from 'node:fs'
import { join } from 'node:path'
import { decodeRecord } from '../../format/decode-record.ts'
import { checksumHolds, headBytes, label, payloadLength, sync } from '../../format/frame.ts'
import type { HeaderRecord } from '../../format/records.ts'
import { CaptureTrouble } from './capture-trouble.ts'
import { makeCaptureFolder } from './make-folder.ts'

/** A V3 file of ours. */
interface OwnFile {
  path: string
  bytes: number
  modifiedMs: number
  isClosed: boolean
}

/** A process that lives writes to its file once a minute at least, by the clock that it has now: one from later is not of today's. */
const abandonedAfterMs = 3 * 60_000
const longestHeaderBytes = 4_096
const longestEndBytes = 256

/** Makes the folder where it is missing; throws the system's error where nothing can be written to it. */
export function prepareFolder(folder: string): void {
  makeCaptureFolder(folder)
  accessSync(folder, constants.W_OK | constants.X_OK)
}

export function refuseWithoutSpace(folder: string, minFreeBytes: number): void {
  if (minFreeBytes === 0) return
  const { bavail, bsize } = statfsSync(folder)
  const freeBytes = bavail * bsize
  if (freeBytes >= minFreeBytes) return
  const text = `only ${megabytes(freeBytes)} MB are free in ${folder}, and wire_capture.min_free_mb is ${megabytes(minFreeBytes)}`
  throw new CaptureTrouble('disk_full', text)
}

/** What a new file takes: at most so much, and in any case so much. */
export interface NeededBytes {
  most: number
  least: number
}

/**
 * Deletes the oldest closed files of ours until all of them together with what is needed are within `maxTotalBytes`.
 * What is no V3 capture, what is damaged at its head and what a living process writes stays. Throws `cap` when there is
 * no room all the same; nothing is deleted for what could never fit.
 */
export function makeRoom(
  folder: string,
  limits: { maxTotalBytes: number; needed: NeededBytes; run: string; nowMs: number },
  onDeleted: (path: string, bytes: number) => void,
): void {
  const { maxTotalBytes, needed } = limits
  if (needed.least > maxTotalBytes) throw tooMuch(`${megabytes(needed.least)} MB are needed`, maxTotalBytes)
  const files = ownFiles(folder, limits.run, limits.nowMs).sort((a, b) => a.modifiedMs - b.modifiedMs)
  let total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  const allowed = Math.max(0, maxTotalBytes - needed.most)
  for (const { path, bytes, isClosed } of files) {
    if (total <= allowed) return
    if (!isClosed) continue
    unlinkSync(path)
    total -= bytes
    onDeleted(path, bytes)
  }
  if (total + needed.least <= maxTotalBytes) return
  throw tooMuch(`captures in ${folder} that are still written take ${megabytes(total)} MB`, maxTotalBytes)
}

function tooMuch(what: string, maxTotalBytes: number): CaptureTrouble {
  return new CaptureTrouble('cap', `${what}, and wire_capture.max_total_mb is ${megabytes(maxTotalBytes)}`)
}

function ownFiles(folder: string, run: string, nowMs: number): OwnFile[] {
  const files: OwnFile[] = []
  for (const name of readdirSync(folder)) {
    if (!name.endsWith('.cbor')) continue
    const file = ownFile(join(folder, name), run, nowMs)
    if (file) files.push(file)
  }
  return files
}

/** Null: it is none, or cannot be read; also when somebody deletes it meanwhile. */
function ownFile(path: string, run: string, nowMs: number): OwnFile | null {
  try {
    const stat = lstatSync(path)
    if (!stat.isFile()) return null
    const fd = openSync(path, 'r')
    try {
      const header = headerOf(readPiece(fd, 0, longestHeaderBytes))
      if (!header) return null
      const isClosed =
        endsInOrder(readPiece(fd, Math.max(0, stat.size - longestEndBytes), longestEndBytes)) ||
        (Math.abs(nowMs - stat.mtimeMs) > abandonedAfterMs && header.run !== run && !isRunning(header))
      return { path, bytes: stat.size, modifiedMs: stat.mtimeMs, isClosed }
    } finally {
      closeSync(fd)
    }
  } catch {
    return null
  }
}

function readPiece(fd: number, from: number, length: number): Buffer {
  const piece = Buffer.alloc(length)
  return piece.subarray(0, readSync(fd, piece, 0, length, from))
}

function headerOf(start: Buffer): HeaderRecord | null {
  if (!start.subarray(0, label.length).equals(label)) return null
  const record = recordAt(start, label.length)
  return record?.k === 'hdr' && record.app === 'llmproxy' ? record : null
}

function endsInOrder(tail: Buffer): boolean {
  const at = tail.lastIndexOf(sync)
  return at >= 0 && recordAt(tail, at)?.k === 'end'
}

function recordAt(bytes: Buffer, at: number) {
  if (at + headBytes > bytes.length) return null
  const length = payloadLength(bytes, at)
  if (length === null || at + headBytes + length > bytes.length || !checksumHolds(bytes, at, length))
    return null
  return decodeRecord(bytes.subarray(at + headBytes, at + headBytes + length))
}

/** Our own number with another run is that of a process before us: containers give the same one each time. */
function isRunning({ pid }: HeaderRecord): boolean {
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // It is there, and not ours.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function megabytes(bytes: number): number {
  return bytes < 10e6 ? Math.round(bytes / 1e4) / 100 : Math.round(bytes / 1e6)
}
