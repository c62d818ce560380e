// The least that a proxy in Node can do: node:http in front, undici behind, bytes passed as they come. It is what the
// benchmark measures ours against. Its provider is the first argument.
import { createServer } from 'node:http'
import { Pool } from 'undici'

const pool = new Pool(process.argv[2], {
  connections: null,
  pipelining: 1,
  headersTimeout: 0,
  bodyTimeout: 0,
})
const ownHeaders = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive'])

const server = createServer({ noDelay: true }, (request, response) => {
  const parts = []
  request.on('data', (part) => parts.push(part))
  request.on('end', () => {
    const body = parts.length === 1 ? parts[0] : Buffer.concat(parts)
    const headers = passing(request.headers)
    pool.dispatch({ path: request.url, method: request.method, headers, body }, new Passing(response))
  })
})

function passing(headers) {
  const kept = {}
  for (const name in headers) if (!ownHeaders.has(name)) kept[name] = headers[name]
  return kept
}

class Passing {
  #response

  constructor(response) {
    this.#response = response
  }

  onRequestStart(controller) {
    this.#response.on('close', () => controller.abort(new Error('the client has gone')))
    this.#response.on('drain', () => controller.resume())
  }

  onResponseStart(_controller, status, headers) {
    delete headers.connection
    delete headers['transfer-encoding']
    delete headers['keep-alive']
    this.#response.writeHead(status, headers)
  }

  onResponseData(controller, bytes) {
    if (!this.#response.write(bytes)) controller.pause()
  }

  onResponseEnd() {
    this.#response.end()
  }

  onResponseError() {
    this.#response.destroy()
  }
}

server.listen(0, '127.0.0.1', 4096, () => process.send({ url: `http://127.0.0.1:${server.address().port}` }))
process.on('disconnect', () => process.exit())
