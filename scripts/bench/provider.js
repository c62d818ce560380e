// The provider of the benchmark, a process of its own: reads as little as it can and answers by the header `bench`
// (`whole`, `first`, `paced FRAMES MS`), so that what is measured is between it and the client.
import { createServer } from 'node:net'

const answer = JSON.stringify({
  id: 'chatcmpl-bench',
  object: 'chat.completion',
  created: 1_767_614_400,
  model: 'gpt-bench',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: 'All work and no play. '.repeat(20), refusal: null },
      logprobs: null,
      finish_reason: 'stop',
    },
  ],
  usage: { prompt_tokens: 250, completion_tokens: 100, total_tokens: 350 },
})
const whole = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${answer.length}\r\n\r\n${answer}`,
)
const streamHead =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-cache\r\ntransfer-encoding: chunked\r\n\r\n'
const streamEnd = `${chunked(frame({}, 'stop'))}${chunked('data: [DONE]\n\n')}0\r\n\r\n`

const server = createServer({ noDelay: true }, (socket) => {
  let read = ''
  socket.setEncoding('latin1')
  socket.on('error', () => {})
  socket.on('data', (text) => {
    read += text
    for (;;) {
      const headEnd = read.indexOf('\r\n\r\n')
      if (headEnd < 0) return
      const head = read.slice(0, headEnd)
      const end = headEnd + 4 + Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0)
      if (read.length < end) return
      read = read.slice(end)
      respond(socket, /bench: *([^\r]+)/i.exec(head)?.[1] ?? 'whole')
    }
  })
})

function respond(socket, asked) {
  const [kind, frames, everyMs] = asked.split(' ')
  if (kind === 'paced') return pace(socket, Number(frames), Number(everyMs))
  if (kind === 'first') socket.write(streamHead + chunked(stamped(0)) + streamEnd)
  else socket.write(whole)
}

function pace(socket, frames, everyMs) {
  socket.write(streamHead)
  const startedMs = performance.now()
  let sent = 0
  const next = () => {
    if (socket.destroyed) return
    if (sent === frames) return void socket.write(streamEnd)
    socket.write(chunked(stamped(sent++)))
    setTimeout(next, Math.max(0, startedMs + sent * everyMs - performance.now()))
  }
  next()
}

/** A frame with its number and the microseconds of the clock that all processes of a machine share. */
function stamped(number) {
  return frame({ content: `${number}@${process.hrtime.bigint() / 1000n} ` })
}

function frame(delta, finish = null) {
  const choices = [{ index: 0, delta, logprobs: null, finish_reason: finish }]
  return `data: ${JSON.stringify({ id: 'chatcmpl-bench', object: 'chat.completion.chunk', model: 'gpt-bench', choices })}\n\n`
}

function chunked(text) {
  return `${text.length.toString(16)}\r\n${text}\r\n`
}

server.listen(0, '127.0.0.1', 4096, () => process.send({ url: `http://127.0.0.1:${server.address().port}` }))
process.on('disconnect', () => process.exit())
