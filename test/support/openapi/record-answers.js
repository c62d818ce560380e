// Tells of the answers of the proxy's listener in this process, whoever asked. Tests import it; the built program is
// started with it (`node --import`), and then tells the file that ANSWERS_FILE names. Node's own modules only.
import { subscribe } from 'node:diagnostics_channel'
import { appendFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

const file = process.env.ANSWERS_FILE
// Beyond this a body is not looked at: a test of memory must not measure what is kept here.
const keptBytes = 1_000_000
const ours = /^\/(?:internal|metrics|v1\/(?:usage|replacement|capabilities))(?:[/?]|$)/

/**
 * @param {(answer: object) => void} tell hears of each before its last byte is on its way
 * @param {() => boolean} wantsPassed whether to hear of one more that is a client's own: most of the traffic
 */
export function recordAnswers(tell, wantsPassed) {
  // Node tells of every server of the process before the server's own handler runs.
  subscribe('http.server.request.start', ({ request, response }) => {
    const { method, url } = request
    record(request, response, tell, method !== 'POST' || ours.test(url) || wantsPassed())
  })
}

if (file !== undefined && isMainThread) {
  let passedLeft = 100
  recordAnswers(
    (answer) => appendFileSync(file, `${JSON.stringify(answer)}\n`),
    () => passedLeft-- > 0,
  )
}

function record(request, response, tell, isAnyWanted) {
  const { method, url } = request
  const { write, end, writeHead } = response
  let head = []
  let pieces = []
  let bytes = 0
  let told = false
  const isWanted = () => isAnyWanted || response.statusCode >= 400
  const header = (name) => head.find(([each]) => each === name)?.[1] ?? response.getHeader(name) ?? null
  const keep = (chunk, encoding) => {
    if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) return
    // Of an answer to HEAD, Node sends no body.
    if (!isWanted() || bytes > keptBytes || method === 'HEAD') return
    const piece = Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8')
    bytes += piece.length
    if (bytes <= keptBytes) pieces.push(piece)
    else pieces = []
  }
  const tellOnce = (whole) => {
    const [exchange, version] = [header('x-llmproxy-exchange'), header('x-llmproxy-version')]
    // Only our listener says one of these: other servers of a test are none of ours.
    if (told || (exchange === null && version === null) || !isWanted()) return
    told = true
    tell({
      ...{ method, url, version, status: response.statusCode },
      contentType: header('content-type'),
      backend: header('x-llmproxy-backend'),
      encoding: header('content-encoding'),
      body: whole && bytes <= keptBytes ? Buffer.concat(pieces).toString() : null,
    })
    pieces = []
  }
  response.writeHead = (...args) => {
    head = pairsOf(args.find((arg) => typeof arg === 'object' && arg !== null) ?? [])
    return writeHead.apply(response, args)
  }
  response.write = (chunk, ...rest) => {
    keep(chunk, rest[0])
    return write.call(response, chunk, ...rest)
  }
  response.end = (chunk, ...rest) => {
    keep(chunk, rest[0])
    tellOnce(true)
    return end.call(response, chunk, ...rest)
  }
  response.once('close', () => {
    if (response.headersSent) tellOnce(false)
  })
}

/** Of all that `writeHead` takes: an object, a list of names and values in turn, or of pairs. */
function pairsOf(headers) {
  const pairs = !Array.isArray(headers)
    ? Object.entries(headers)
    : Array.isArray(headers[0])
      ? headers
      : headers.flatMap((name, at) => (at % 2 === 0 ? [[name, headers[at + 1]]] : []))
  return pairs.map(([name, value]) => [String(name).toLowerCase(), String(value)])
}
