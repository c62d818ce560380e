import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { readExchanges } from '../export/read-exchanges.ts'
import { filesOf, isFolder } from '../reader/capture-files.ts'
import type { ExchangeView } from '../view/view.ts'

export interface FoundExchange {
  exchange: ExchangeView | null
  /** Files that were searched to their end, or in which it is. */
  files: number
  bytes: number
  /** Files that were left out because enough had been read. */
  leftOut: number
}

export interface FindOptions {
  /** When it opened, as its record says: files that may have it are looked at first. */
  openedMs: number
  maxBytes?: number
}

/**
 * Looks for an exchange, by its whole id, in a capture or in a folder of captures: those first that were written when it
 * opened, then the newest. Reads little more than `maxBytes`; whoever asks is waiting. Throws `CaptureError` where a file that was
 * named cannot be read; a folder that is not there has nothing.
 */
export async function findExchange(id: string, path: string, options: FindOptions): Promise<FoundExchange> {
  const { openedMs, maxBytes = 256 * 1024 * 1024 } = options
  const found: FoundExchange = { exchange: null, files: 0, bytes: 0, leftOut: 0 }
  const isNamed = !(await isFolder(path))
  const candidates = isNamed ? [path] : await inOrder(path, openedMs)
  for (const [at, file] of candidates.entries()) {
    if (found.bytes >= maxBytes) return { ...found, leftOut: candidates.length - at }
    const search = await searchBytes(file, Buffer.from(id))
    found.bytes += search.bytes
    found.files++
    if (!search.isThere && !isNamed) continue
    found.exchange = await exchangeIn(file, id)
    if (found.exchange) return found
  }
  return found
}

async function inOrder(folder: string, openedMs: number): Promise<string[]> {
  const files = await filesOf(folder).catch(() => [])
  const dated = await Promise.all(files.map(async (path) => ({ path, ...(await timesOf(path)) })))
  // What was written to last before it opened does not have it.
  const possible = dated.reverse().filter(({ lastMs }) => lastMs >= openedMs)
  const covers = ({ firstMs }: { firstMs: number }) => firstMs <= openedMs
  return [...possible.filter(covers), ...possible.filter((file) => !covers(file))].map(({ path }) => path)
}

/** Our files are named by when they begin; those of others may begin at any time. */
async function timesOf(path: string): Promise<{ firstMs: number; lastMs: number }> {
  const [, day, hour, minute, second] =
    /(\d{4}-\d\d-\d\dT)(\d\d)-(\d\d)-(\d\d\.\d{3}Z)[^/]*$/.exec(path) ?? []
  const firstMs = Date.parse(`${day}${hour}:${minute}:${second}`)
  const stats = await stat(path).catch(() => null)
  return { firstMs: Number.isNaN(firstMs) ? 0 : firstMs, lastMs: stats?.mtimeMs ?? 0 }
}

/** Whether a file has these bytes anywhere: much quicker than reading it as a capture. */
async function searchBytes(path: string, wanted: Buffer): Promise<{ isThere: boolean; bytes: number }> {
  let bytes = 0
  let tail: Buffer = Buffer.alloc(0)
  try {
    for await (const chunk of createReadStream(path, {
      highWaterMark: 1024 * 1024,
    }) as AsyncIterable<Buffer>) {
      bytes += chunk.length
      const seam = Buffer.concat([tail, chunk.subarray(0, wanted.length)])
      if (chunk.includes(wanted) || seam.includes(wanted)) return { isThere: true, bytes }
      tail = chunk.subarray(-wanted.length)
    }
  } catch {
    // Reading it as a capture says why.
    return { isThere: false, bytes }
  }
  return { isThere: false, bytes }
}

async function exchangeIn(file: string, id: string): Promise<ExchangeView | null> {
  try {
    for await (const exchange of readExchanges(file, { only: id })) if (exchange.id === id) return exchange
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'not_found')) throw error
    // There is such a file, and something in it has the id's bytes.
    if (!(await stat(file).catch(() => null))) throw error
  }
  return null
}
