import { describe, expect, it } from 'vitest'
import type { Exchange } from '../../src/core/exchange.ts'
import type { Monitor } from '../../src/core/monitor.ts'
import { createMonitors } from '../../src/proxy/monitors.ts'
import { anExchange } from '../support/an-exchange.ts'
import { chatFrames, chatStream } from '../support/fake-provider.ts'
import { startScenario } from './scenario.ts'

const exchange = anExchange()

function monitorsOf(monitors: readonly Monitor[], nowMs = () => 0) {
  const off: string[] = []
  const all = createMonitors(monitors, {
    onSwitchedOff: (name, reason) => off.push(`${name}: ${reason}`),
    nowMs,
  })
  return { all, off }
}

/** A monitor that counts how often it is told of an opening, and then does something. */
function counting(name: string, then: () => unknown = () => {}): Monitor & { told: number } {
  const monitor = {
    name,
    told: 0,
    opened(_exchange: Exchange) {
      monitor.told++
      return then()
    },
  }
  return monitor
}

const thrown = () => {
  throw new Error('broken')
}

describe('monitors', () => {
  it('are told in order, with what happened', () => {
    const heard: string[] = []
    const { all } = monitorsOf([
      { name: 'a', opened: ({ id }) => heard.push(`a ${id}`) },
      { name: 'b', passed: (_exchange, leg, bytes, atNs) => heard.push(`b ${leg} ${bytes.length} ${atNs}`) },
      { name: 'c', opened: () => heard.push('c') },
    ])
    all.tell('opened', exchange)
    all.tell('passed', exchange, 'BTP', Buffer.from('xyz'), 7)
    expect(heard).toEqual([`a ${exchange.id}`, 'c', 'b BTP 3 7'])
  })

  it('have their own `this`', () => {
    const monitor = counting('own')
    const { all } = monitorsOf([monitor])
    all.tell('opened', exchange)
    expect(monitor.told).toBe(1)
  })
})

describe('a monitor that throws', () => {
  it('is off after the third time, once and by name, and the others go on', () => {
    const before = counting('before')
    const bad = counting('bad', thrown)
    const after = counting('after')
    const { all, off } = monitorsOf([before, bad, after])
    for (let i = 0; i < 5; i++) all.tell('opened', exchange)
    expect([before.told, bad.told, after.told]).toEqual([5, 3, 5])
    expect(off).toEqual(['bad: broken'])
    expect(all.switchedOff()).toEqual([{ name: 'bad', reason: 'broken' }])
  })

  it('may throw twice', () => {
    let left = 2
    const shaky = counting('shaky', () => (left-- > 0 ? thrown() : undefined))
    const { all, off } = monitorsOf([shaky])
    for (let i = 0; i < 9; i++) all.tell('opened', exchange)
    expect(shaky.told).toBe(9)
    expect(off).toEqual([])
  })

  it('may throw something that is no error', () => {
    const bad = counting('bad', () => {
      throw 'words'
    })
    const { all } = monitorsOf([bad])
    for (let i = 0; i < 3; i++) all.tell('opened', exchange)
    expect(all.switchedOff()).toEqual([{ name: 'bad', reason: 'words' }])
  })
})

describe('a monitor that waits', () => {
  it('and rejects is off after the third time, and its rejections end nothing', async () => {
    const bad = counting('bad', () => Promise.reject(new Error('later')))
    const good = counting('good')
    const { all, off } = monitorsOf([bad, good])
    for (let i = 0; i < 3; i++) all.tell('opened', exchange)
    await new Promise((resolve) => setImmediate(resolve))
    all.tell('opened', exchange)
    expect([bad.told, good.told]).toEqual([3, 4])
    expect(off).toEqual(['bad: later'])
  })

  it('and rejects many times at once is named once', async () => {
    const { all, off } = monitorsOf([counting('bad', () => Promise.reject(new Error('later')))])
    for (let i = 0; i < 9; i++) all.tell('opened', exchange)
    await new Promise((resolve) => setImmediate(resolve))
    expect(off).toEqual(['bad: later'])
    expect(all.switchedOff()).toHaveLength(1)
  })
})

describe('a monitor that dawdles', () => {
  it('is off after the third time', () => {
    let nowMs = 0
    const slow = counting('slow', () => {
      nowMs += 101
    })
    const good = counting('good')
    const { all, off } = monitorsOf([slow, good], () => nowMs)
    for (let i = 0; i < 4; i++) all.tell('opened', exchange)
    expect([slow.told, good.told]).toEqual([3, 4])
    expect(off).toEqual(['slow: took 101 ms'])
  })

  it('now and then stays on: another program had the processor', () => {
    let nowMs = 0
    let calls = 0
    const waits = counting('waits', () => {
      if (++calls % 3 !== 0) nowMs += 500
    })
    const { all, off } = monitorsOf([waits], () => nowMs)
    for (let i = 0; i < 12; i++) all.tell('opened', exchange)
    expect([waits.told, off]).toEqual([12, []])
  })

  it('in one hook each time is off, however quick the others are', () => {
    let nowMs = 0
    const slow: Monitor = {
      name: 'slow',
      opened() {},
      closed() {
        nowMs += 101
      },
    }
    const { all, off } = monitorsOf([slow], () => nowMs)
    for (let i = 0; i < 3; i++) {
      all.tell('opened', exchange)
      all.tell('closed', exchange)
    }
    expect(off).toEqual(['slow: took 101 ms'])
  })
})

describe('in a running proxy', () => {
  const hooks = ['opened', 'attempted', 'answered', 'passed', 'event', 'closed'] as const

  it.each<[string, () => unknown]>([
    ['throws in', thrown],
    ['rejects in', () => Promise.reject(new Error('broken'))],
  ])(
    'a monitor that %s every hook changes nothing for the client and is named in the log',
    async (_how, act) => {
      const bad = { name: 'bad', ...Object.fromEntries(hooks.map((hook) => [hook, act])) } as Monitor
      const { a, chat, watch, proxy } = await startScenario({ monitors: [bad] })
      a.answer(chatStream(['Hello', ' there']))
      const answer = await chat()
      expect(answer.status).toBe(200)
      expect(await answer.text()).toBe(chatFrames(['Hello', ' there']).join(''))
      expect((await watch.closedExchange()).outcome).toBe('complete')
      const lines = proxy
        .log()
        .split('\n')
        .filter((line) => line.includes('a monitor failed three times'))
      expect(lines).toHaveLength(1)
      expect(lines[0]).toContain('bad')
    },
  )

  it('the hooks of one exchange come in order, and the close once and last', async () => {
    const heard: string[] = []
    const ear = {
      name: 'ear',
      ...Object.fromEntries(hooks.map((hook) => [hook, () => void heard.push(hook)])),
    } as Monitor
    const { a, chat, watch } = await startScenario({ monitors: [ear] })
    a.answer(chatStream(['Hello']))
    await (await chat()).text()
    await watch.closedExchange()
    expect(heard.filter((hook, i) => hook !== heard[i - 1])).toEqual(expect.arrayContaining([...hooks]))
    expect(heard[0]).toBe('opened')
    expect(heard.indexOf('attempted')).toBeLessThan(heard.indexOf('answered'))
    expect(heard.indexOf('answered')).toBeLessThan(heard.indexOf('event'))
    expect(heard.lastIndexOf('closed')).toBe(heard.length - 1)
    expect(heard.filter((hook) => hook === 'closed')).toHaveLength(1)
  })
})
