import type { InspectedBody } from './inspect.ts'
import { jsonPlaces, type Place } from './json-places.ts'

export interface BodyEdits {
  /** The name that the backend is to receive; null leaves what the client wrote. */
  model: string | null
  /** Add `stream_options.include_usage` (openai-chat). */
  askForUsage: boolean
}

interface Splice {
  start: number
  end: number
  text: string
}

/**
 * The body for one backend: the client's bytes, changed only where something must change. `session_id` is
 * ours and always taken out. Returns the same buffer when nothing changes.
 */
export function editBody(bytes: Buffer, body: InspectedBody, edits: BodyEdits): Buffer {
  const splices: Splice[] = []
  if (edits.model !== null && body.model && edits.model !== body.facts.model) {
    splices.push({
      start: body.model.valueStart,
      end: body.model.valueEnd,
      text: JSON.stringify(edits.model),
    })
  }
  if (edits.askForUsage) splices.push(usageSplice(bytes, body))
  for (const run of memberRuns(bytes, body.sessionId?.places ?? [])) splices.push(withoutMembers(bytes, run))
  return splices.length === 0 ? bytes : applySplices(bytes, splices)
}

function usageSplice(bytes: Buffer, { streamOptions, objectEnd }: InspectedBody): Splice {
  if (!streamOptions) {
    return { start: objectEnd, end: objectEnd, text: ',"stream_options":{"include_usage":true}' }
  }
  const { place, value } = streamOptions
  const start = place.valueStart
  if (value === null) return { start, end: place.valueEnd, text: '{"include_usage":true}' }
  // Inside an object the other options stay as they were written.
  const inner = jsonPlaces(bytes.subarray(start, place.valueEnd))
  const written = inner.members.findLast(({ key }) => key === 'include_usage')
  if (written) return { start: start + written.valueStart, end: start + written.valueEnd, text: 'true' }
  const comma = inner.members.length > 0 ? ',' : ''
  const end = start + inner.objectEnd
  return { start: end, end, text: `${comma}"include_usage":true` }
}

type MemberRun = Pick<Place, 'keyStart' | 'valueEnd'>

/** Members that follow each other are taken out as one. */
function memberRuns(bytes: Buffer, places: readonly Place[]): MemberRun[] {
  const runs: MemberRun[] = []
  for (const { keyStart, valueEnd } of places) {
    const before = runs.at(-1)
    const follows = before && skipSpace(bytes, skipSpace(bytes, before.valueEnd, 1) + 1, 1) === keyStart
    if (follows) before.valueEnd = valueEnd
    else runs.push({ keyStart, valueEnd })
  }
  return runs
}

/** Takes members out together with one comma: the one after them, else the one before. */
function withoutMembers(bytes: Buffer, { keyStart, valueEnd }: MemberRun): Splice {
  const next = skipSpace(bytes, valueEnd, 1)
  if (bytes[next] === 0x2c) return { start: keyStart, end: skipSpace(bytes, next + 1, 1), text: '' }
  const before = skipSpace(bytes, keyStart - 1, -1)
  return { start: bytes[before] === 0x2c ? before : keyStart, end: valueEnd, text: '' }
}

function skipSpace(bytes: Buffer, from: number, step: 1 | -1): number {
  let at = from
  while (at >= 0 && at < bytes.length && (bytes[at] as number) <= 0x20) at += step
  return at
}

function applySplices(bytes: Buffer, splices: Splice[]): Buffer {
  const parts: Buffer[] = []
  let at = 0
  for (const { start, end, text } of splices.sort((a, b) => a.start - b.start)) {
    parts.push(bytes.subarray(at, start), Buffer.from(text))
    at = end
  }
  parts.push(bytes.subarray(at))
  return Buffer.concat(parts)
}
