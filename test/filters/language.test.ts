import { describe, expect, it } from 'vitest'
import { compileFilter } from '../../src/filters/compile.ts'
import { aThing, type Thing, thing } from './a-subject.ts'

const means = (filter: string, changed: Partial<Thing> = {}) => compileFilter(filter, thing)(aThing(changed))

describe('how a filter is put together', () => {
  const bad = { outcome: 'bad', status: 500 } as const
  it.each([
    ['& binds before |', '~e | ~c 429 & ~c 500', true, bad],
    ['parentheses bind first', '(~e | ~c 429) & ~c 501', false, bad],
    ['! binds before &', '!~c 500 & ~c 200', false, bad],
    ['! means what follows it, not all that follows', '!~c 429 ~e', true, bad],
    ['what stands side by side must all match', '~c 500 ~e', true, bad],
    ['what stands side by side must all match', '~c 500 ~c 501', false, bad],
    // mitmproxy reads it as (~c 200 | ~c 500) & ~u nowhere.
    ['side by side binds last, as in mitmproxy', '~c 500 | ~c 200 ~u nowhere', false, bad],
    ['two ! take each other away', '!!~e', true, bad],
    ['spaces do not matter', ' ( ~e&!~c   200|~c 200 ) ', true, bad],
  ] as const)('%s: %s', (_, filter, expected, changed) => {
    expect(means(filter, changed)).toBe(expected)
  })
})

describe('patterns', () => {
  it.each([
    ['are found anywhere, whatever their case', '~u V1/CHAT', true],
    ['may be anchored', '~u ^api', false],
    ['go on to the next space, | and & with them', '~u models|chat', true],
    ['keep a backslash that escapes no quote', String.raw`~u "api\.test"`, true],
    ['keep a backslash that escapes no quote', String.raw`~u "a\.i"`, false],
    ['may double it, as in mitmproxy', String.raw`~u "api\\.test"`, true],
    ['may have parentheses and spaces in quotes', `~b 'hello,\\s(moon|world)'`, true],
    ['have a . that is any character, line ends too', '~b Hello,.world', true],
    ['may have the quote itself in quotes', String.raw`~u "\"|chat"`, true],
    ['may be given right behind the name, in quotes', '~u"chat"', true],
  ])('%s: %s', (_, filter, expected) => {
    expect(means(filter)).toBe(expected)
  })
})

describe('comparisons', () => {
  it.each([
    ['ttft>2s', false],
    ['ttft>=2s', true],
    ['ttft = 2000ms', true],
    ['ttft==0.05m', false],
    ['ttft<1m30s', true],
    ['ttft>0', true],
    ['tokens=1.5k', true],
    ['tokens=1.5K', true],
    ['tokens<0.002m', true],
    ['tokens<0.002G', true],
    ['bytes=48.2kb', true],
    ['bytes=48.2k', true],
    ['bytes=48200', true],
    ['bytes=48200b', true],
    ['bytes>48kB & bytes<0.05mb & bytes<1M & bytes<1gb', true],
    ['bytes>47kib & bytes<47.1KiB & bytes<1Mi', true],
    ['tokens=1500 stream', false],
    ['~backend nea', true],
    ['tokens<0.002M', true],
    ['cost=$0.1', true],
    ['cost!=.10', false],
    ['status>=500', false],
    ['status != 500', true],
    ['outcome=GOOD', true],
    ['url=https://api.test/v1/chat', true],
    ['url=*/chat', true],
    ['url=chat', false],
    ['url=*/v?/ch.t', false],
    ['url=*/v?/ch?t', true],
    ['tool=bash', true],
    ['tool!=bash', false],
    ['tool!=edit', true],
    ['body="Hello,\nworld"', true],
    ['ttft>1s&ttft<3s', true],
    ['ttft>3s|ttft<3s', true],
  ])('%s', (filter, expected) => {
    expect(means(filter)).toBe(expected)
  })

  it('are exact where a decimal is not a binary fraction', () => {
    expect(means('tokens=1.005k', { tokens: 1_005 })).toBe(true)
    expect(means('ttft=1.005s', { ttftMs: 1_005 })).toBe(true)
  })

  it('do not fit what is not known, but their contrary does', () => {
    const unknown = { ttftMs: null, url: null, tools: null }
    for (const filter of [
      'ttft>0',
      'ttft<9h',
      'ttft!=1s',
      'url=*',
      'url!=x',
      'tool!=Bash',
      '~u .',
      '~tool .',
    ]) {
      expect([filter, means(filter, unknown)]).toEqual([filter, false])
      expect([filter, means(`!(${filter})`, unknown)]).toEqual([filter, true])
    }
  })

  it('take none of several for what is none', () => {
    expect(means('tool!=Bash', { tools: [] })).toBe(true)
    expect(means('tool=*', { tools: [] })).toBe(false)
  })
})

describe('words', () => {
  it.each([
    ['API.TEST', true],
    ['200', true],
    ['!200', false],
    ['"/v1/chat"', true],
    ['"v1 chat"', false],
    ['v1 chat', true],
    ['.*', false],
    ['x_1m8b', false],
  ])('are plain text in what is shown: %s', (filter, expected) => {
    expect(means(filter)).toBe(expected)
  })
})

describe('ids', () => {
  it.each([
    ['~x x_1m8byek899yt', true],
    ['~x X_1M8', true],
    ['~x 1m8b', true],
    ['~x m8b', false],
  ])('are told by how they begin: %s', (filter, expected) => {
    expect(means(filter)).toBe(expected)
  })
})
