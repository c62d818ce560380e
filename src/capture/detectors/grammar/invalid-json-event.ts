import type { RawEvent } from '../../view/reading.ts'
import type { Detector } from '../detector.ts'
import { quoted } from '../quoted.ts'
import { streamsOf } from './answer-legs.ts'

/** Reference §4.2, 34. What the end of the stream cut is `truncated_stream`. */
export const invalidJsonEvent: Detector = {
  code: 'invalid_json_event',
  severity: 'error',
  summary: 'An event of a stream was no JSON',
  *find(subject) {
    for (const { reading, place } of streamsOf(subject)) {
      const broken = reading.raw.filter(isBroken)
      const [first] = broken
      if (!first) continue
      yield {
        severity: 'error',
        ...place,
        offset: first.offset,
        entry: first.entry,
        atNs: first.atNs,
        count: broken.length,
        description: `${broken.length === 1 ? 'An event' : `${broken.length} events`} of ${reading.raw.length} could not be read as JSON${place.fault === 'proxy' ? ', though the backend had sent good ones' : ''}.`,
        evidence: {
          name: first.name,
          bytes: Buffer.byteLength(first.data),
          begins: quoted(first.data),
          ends: quoted(first.data.slice(-80)),
        },
        hint:
          place.fault === 'proxy'
            ? 'A fault of the proxy: report it with this exchange.'
            : 'Most clients throw on it: tell who runs the backend, with these bytes.',
      }
      return
    }
  },
}

function isBroken({ data, isComment, isWhole, json }: RawEvent): boolean {
  return isWhole && !isComment && data.trim() !== '' && json === undefined && !data.startsWith('[DONE]')
}
