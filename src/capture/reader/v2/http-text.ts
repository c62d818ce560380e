/** A message as the original wrote it down again: `POST /path HTTP/1.1`, headers, an empty line, the body. */
export interface HttpText {
  method: string | null
  target: string | null
  status: number | null
  version: string
  headers: [name: string, value: string][]
  body: Uint8Array
}

const emptyLine = Buffer.from('\r\n\r\n')
const maxHeadBytes = 1024 * 1024
const requestLine = /^([A-Z]{1,32}) (\S{1,65536}) HTTP\/(1\.\d)\r\n/
const statusLine = /^HTTP\/(1\.\d) (\d{3})(?: [^\r\n]*)?\r\n/

/** Null where the bytes do not begin as an HTTP message does (reference §3.1, rule 3). */
export function httpText(data: Uint8Array): HttpText | null {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length)
  const head = bytes.subarray(0, maxHeadBytes)
  const lineEnd = head.indexOf('\r\n')
  if (lineEnd < 0) return null
  const line = head.toString('utf8', 0, lineEnd + 2)
  const request = requestLine.exec(line)
  const answer = request ? null : statusLine.exec(line)
  if (!request && !answer) return null
  const end = head.indexOf(emptyLine, lineEnd)
  const headersEnd = end < 0 ? head.length : end
  return {
    method: request?.[1] ?? null,
    target: request?.[2] ?? null,
    status: answer ? Number(answer[2]) : null,
    version: (request?.[3] ?? answer?.[1]) as string,
    headers: headerLines(head.toString('utf8', lineEnd + 2, Math.max(headersEnd, lineEnd + 2))),
    body: end < 0 ? data.subarray(data.length) : data.subarray(end + emptyLine.length),
  }
}

function headerLines(text: string): [string, string][] {
  const pairs: [string, string][] = []
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) pairs.push([line.slice(0, colon).trim(), line.slice(colon + 1).trim()])
  }
  return pairs
}
