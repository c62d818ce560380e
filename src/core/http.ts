/** Headers in the order of the wire, names in lower case, repeated names kept apart. */
export type HeaderPairs = readonly (readonly [name: string, value: string])[]

/** A whole answer, as the edge writes it. `content-length` is added by who writes it. */
export interface HttpAnswer {
  status: number
  headers: HeaderPairs
  body: Uint8Array
}

/** The first value of a header; `name` in lower case. */
export function headerValue(headers: HeaderPairs, name: string): string | undefined {
  for (const [key, value] of headers) if (key === name) return value
  return undefined
}

/** Node's raw header list (name, value, name, value…) as pairs. */
export function headerPairs(raw: readonly (string | Buffer)[]): HeaderPairs {
  const pairs: [string, string][] = []
  for (let i = 0; i + 1 < raw.length; i += 2) {
    pairs.push([text(raw[i]).toLowerCase(), text(raw[i + 1])])
  }
  return pairs
}

function text(value: string | Buffer | undefined): string {
  return typeof value === 'string' ? value : (value?.toString('latin1') ?? '')
}
