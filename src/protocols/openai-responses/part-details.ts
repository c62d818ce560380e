import type { Citation } from '../../core/call.ts'
import type { TokenLogprob } from '../../core/event.ts'
import { arrayAt, type Json, numberAt, stringAt } from '../../core/json.ts'

/** A `url_citation`; `before`: the length of the answer's text before the part that it stands in. */
export function citationOf(annotation: Json | undefined, before: number): Citation | undefined {
  const url = stringAt(annotation, 'url')
  if (url === undefined) return undefined
  const start = numberAt(annotation, 'start_index')
  const end = numberAt(annotation, 'end_index')
  return {
    url,
    title: stringAt(annotation, 'title') ?? null,
    quote: null,
    start: start === undefined ? null : before + start,
    end: end === undefined ? null : before + end,
  }
}

export function logprobsOf(list: Json | undefined): TokenLogprob[] {
  return (Array.isArray(list) ? list : []).flatMap((entry) => {
    const token = tokenOf(entry)
    if (token === undefined) return []
    return [
      { ...token, top: (arrayAt(entry, 'top_logprobs') ?? []).flatMap((other) => tokenOf(other) ?? []) },
    ]
  })
}

function tokenOf(entry: Json): Omit<TokenLogprob, 'top'> | undefined {
  const token = stringAt(entry, 'token')
  const logprob = numberAt(entry, 'logprob')
  if (token === undefined || logprob === undefined) return undefined
  return {
    token,
    logprob,
    bytes: arrayAt(entry, 'bytes')?.filter((byte) => typeof byte === 'number') ?? null,
  }
}
