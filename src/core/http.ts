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

/**
 * A header in Node's raw list, the values of a repeated one together; `name` in lower case. Node makes an object of all
 * headers when one is first asked for, which few requests need.
 */
export function rawHeaderValue(raw: readonly string[], name: string): string | undefined {
  let found: string | undefined
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const key = raw[i] as string
    if (key.length !== name.length || key.toLowerCase() !== name) continue
    found = found === undefined ? raw[i + 1] : `${found}, ${raw[i + 1]}`
  }
  return found
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
