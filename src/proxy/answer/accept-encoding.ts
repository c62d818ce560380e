/** Whether a client that sent this `accept-encoding` takes a body in `encoding` (RFC 9110 §12.5.3). */
export function acceptsEncoding(acceptEncoding: string | undefined, encoding: string): boolean {
  let wildcard = false
  for (const part of (acceptEncoding ?? '').split(',')) {
    const [name, ...parameters] = part.trim().toLowerCase().split(';')
    const refused = parameters.some((parameter) => /^\s*q\s*=\s*0(\.0*)?\s*$/.test(parameter))
    if (name?.trim() === encoding) return !refused
    if (name?.trim() === '*') wildcard = !refused
  }
  return wildcard
}
