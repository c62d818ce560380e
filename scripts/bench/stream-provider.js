// A provider of all four protocols, a process of its own: streams as many deltas as the header `bench-frames` of the
// prompt asks for (`FRAMES MS` at the prompt's start), one write each, so that each is a chunk of its own.
import { createServer } from 'node:http'
import { protocolOfPath, wireFrames } from './wire-frames.js'

const words = 'All work and no play. '

const server = createServer((request, response) => {
  const pieces = []
  request.on('data', (piece) => pieces.push(piece))
  request.on('end', () => {
    const [, frames, everyMs] = /bench-frames (\d+) (\d+)/.exec(Buffer.concat(pieces).toString()) ?? []
    stream(response, wireFrames[protocolOfPath(request.url)], Number(frames), Number(everyMs))
  })
})

function stream(response, wire, frames, everyMs) {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write(wire.before())
  const startedMs = performance.now()
  let sent = 0
  const next = () => {
    if (response.destroyed) return
    if (sent === frames) return void response.end(wire.after(frames, words.repeat(frames)))
    response.write(wire.delta(words, sent++))
    setTimeout(next, Math.max(0, startedMs + sent * everyMs - performance.now()))
  }
  next()
}

server.listen(0, '127.0.0.1', 4096, () => process.send({ url: `http://127.0.0.1:${server.address().port}` }))
process.on('disconnect', () => process.exit())
