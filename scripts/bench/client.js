import { connect } from 'node:net'

/**
 * One connection that asks again and again and reads as little of the answers as it can: the generator must not be
 * what is measured. `ask` throws for any status but 200.
 */
export class Connection {
  #socket
  #head
  #waiting
  #answer = ''
  #onText

  /** `asked` is the header that the provider answers by; `headers`, what else whoever is asked wants, as it goes over the wire. */
  static open({ url, headers = '' }, asked) {
    const { hostname, port, host } = new URL(url)
    const head =
      `POST /v1/chat/completions HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\n` +
      `authorization: Bearer sk-bench-0000000000000000\r\n${headers}bench: ${asked}\r\n`
    return new Promise((resolve, reject) => {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true })
      socket.once('error', reject)
      socket.once('connect', () => resolve(new Connection(socket, head)))
    })
  }

  constructor(socket, head) {
    this.#socket = socket
    this.#head = head
    socket.setEncoding('latin1')
    socket.on('data', (text) => this.#read(text))
    socket.on('error', (error) => this.#waiting?.reject(error))
    socket.on('close', () => this.#waiting?.reject(new Error(`closed in the middle: ${this.#answer}`)))
  }

  /** Sends a body and resolves when its answer is whole; `onText` sees each piece as it comes. */
  ask(body, onText) {
    this.#answer = ''
    this.#onText = onText
    this.#socket.write(`${this.#head}content-length: ${body.length}\r\n\r\n${body}`)
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
    })
  }

  close() {
    this.#waiting = undefined
    this.#socket.destroy()
  }

  #read(text) {
    this.#onText?.(text)
    // The head is all that must be kept; the end of chunks stands in the last bytes.
    this.#answer = this.#answer.length > 4096 ? this.#answer.slice(0, 1024) + text : this.#answer + text
    if (!isWhole(this.#answer)) return
    const waiting = this.#waiting
    this.#waiting = undefined
    if (this.#answer.startsWith('HTTP/1.1 200')) waiting?.resolve()
    else waiting?.reject(new Error(`not 200: ${this.#answer}`))
  }
}

function isWhole(answer) {
  const headEnd = answer.indexOf('\r\n\r\n')
  if (headEnd < 0) return false
  const length = /content-length: (\d+)/i.exec(answer)?.[1]
  if (length === undefined) return answer.endsWith('\r\n0\r\n\r\n')
  return answer.length >= headEnd + 4 + Number(length)
}

const paddingBytes = 860
let asked = 0

/** A request of 1 kB that no other is equal to. */
export function nextBody(stream = false) {
  asked++
  const content = `${asked} ${'the quick brown fox jumps over the lazy dog '.repeat(20).slice(0, paddingBytes)}`
  const options = stream ? ',"stream_options":{"include_usage":true}' : ''
  return `{"model":"gpt-bench","stream":${stream}${options},"messages":[{"role":"user","content":"${content}"}]}`
}
