import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { Outlet } from '../../../src/proxy/answer/outlet.ts'
import { FakeClock } from '../../support/fake-clock.ts'

/** An outlet to a real socket, which reads nothing until it is told to. */
async function outletToSocket() {
  const clock = new FakeClock()
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port })
  socket.on('error', () => {})
  socket.pause()
  onTestFinished(() => {
    socket.destroy()
    server.close()
  })
  socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
  const [, response] = (await once(server, 'request')) as [unknown, ServerResponse]
  const everything = async () => {
    const chunks: Buffer[] = []
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.resume()
    await once(socket, 'close')
    return Buffer.concat(chunks).toString('latin1')
  }
  return { clock, socket, response, outlet: new Outlet(response, clock), everything }
}

describe('an outlet', () => {
  it('writes head and body, repeated headers apart', async () => {
    const { outlet, everything } = await outletToSocket()
    outlet.head(201, [
      ['x-a', '1'],
      ['set-cookie', 'a'],
      ['set-cookie', 'b'],
      ['content-length', '4'],
    ])
    expect(outlet.begun).toBe(true)
    expect(outlet.write(Buffer.from('ab'), () => {})).toBe(true)
    outlet.end(Buffer.from('cd'))
    const text = await everything()
    expect(text).toContain('HTTP/1.1 201 Created\r\n')
    expect(text).toContain('set-cookie: a\r\nset-cookie: b\r\n')
    expect(text.endsWith('\r\n\r\nabcd')).toBe(true)
    await outlet.closed
    expect(outlet).toMatchObject({ status: 201, bytesWritten: 4, goneEarly: false })
  })

  it('keeps its first status', async () => {
    const { outlet } = await outletToSocket()
    outlet.head(200, [])
    outlet.head(500, [])
    expect(outlet.status).toBe(200)
  })

  it('cuts after what was written, without the end of the framing', async () => {
    const { outlet, everything } = await outletToSocket()
    outlet.head(200, [])
    outlet.write(Buffer.from('one'), () => {})
    outlet.cut(Buffer.from('last'))
    outlet.end()
    const text = await everything()
    expect(text).toContain('last')
    expect(text.endsWith('0\r\n\r\n')).toBe(false)
    await outlet.closed
    expect(outlet.goneEarly).toBe(false)
  })
})

describe('a reader that is behind', () => {
  it('is told of, and of its catching up once, with the time that it took', async () => {
    const { outlet, socket, clock } = await outletToSocket()
    outlet.head(200, [])
    let drained = 0
    const caughtUp = new Promise<void>((resolve) => {
      const block = Buffer.alloc(1 << 20)
      const onDrained = () => {
        drained++
        resolve()
      }
      while (outlet.write(block, onDrained)) {}
    })
    clock.advance(3_000)
    expect(drained).toBe(0)
    socket.resume()
    await caughtUp
    expect(drained).toBe(1)
    expect(outlet.blockedNs).toBe(3e9)
  })

  it('that goes away lets the backend go on', async () => {
    const { outlet, socket } = await outletToSocket()
    outlet.head(200, [])
    const released = new Promise<void>((resolve) => {
      const block = Buffer.alloc(1 << 20)
      while (outlet.write(block, resolve)) {}
    })
    socket.destroy()
    await released
    expect(outlet.gone).toBe(true)
  })
})

describe('a client that goes away', () => {
  it('is told to all who listen, and is gone early', async () => {
    const { outlet, socket } = await outletToSocket()
    const heard: string[] = []
    outlet.onGone(() => heard.push('a'))
    outlet.onGone(() => heard.push('b'))()
    socket.destroy()
    await outlet.closed
    expect(heard).toEqual(['a'])
    expect(outlet).toMatchObject({ gone: true, goneEarly: true, begun: false })
    outlet.head(200, [])
    expect(outlet.write(Buffer.from('x'), () => {})).toBe(true)
    expect(outlet).toMatchObject({ status: null, bytesWritten: 0 })
  })
})
