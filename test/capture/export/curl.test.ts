import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { curlBody, shellWord } from '../../../src/capture/export/shell.ts'
import { aCapture, addRefusal, edited } from '../../support/a-capture.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { exported } from './exported.ts'

const environment = {
  OPENAI_API_KEY: 'sk mine',
  ANTHROPIC_API_KEY: 'ant',
  GEMINI_API_KEY: 'gem',
  LLMPROXY_API_KEY: 'lp',
}

/** A folder with a `curl` that writes how many arguments it has, and them, each ended by NUL, and then what it reads. */
function fakeCurl(): string {
  const folder = tempFolder()
  const script = `#!/bin/sh
printf '%d\\0' $#
for word in "$@"; do printf '%s\\0' "$word"; done
case "$*" in *'--data-binary @-') cat;; esac
`
  writeFileSync(join(folder, 'curl'), script, { mode: 0o755 })
  return folder
}

/** Runs a script as a shell does; gives the words of its first curl, and what that one read. */
function ran(script: string, folder: string): { words: string[]; stdin: Buffer } {
  const path = `${folder}${delimiter}${process.env.PATH}`
  const out = execFileSync('sh', ['-s'], { input: script, env: { ...environment, PATH: path } })
  const counted = out.indexOf(0) + 1
  const words: string[] = []
  let at = counted
  for (let left = Number(out.toString('latin1', 0, counted - 1)); left > 0; left--) {
    const end = out.indexOf(0, at)
    words.push(out.toString('utf8', at, end))
    at = end + 1
  }
  return { words, stdin: out.subarray(at) }
}

/** What a terminal would obey, or not show. */
const obeyed = ['\u001b[2J', '\u009b1m', '\u202e', '\u200b', '\u{e0041}', '\r', '\u0007']
const obeyedText = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u202e]|\udb40/

const valueAfter = (words: readonly string[], flag: string) => words[words.indexOf(flag) + 1]
const headersIn = (words: readonly string[]) => words.filter((_, at) => words[at - 1] === '-H')

describe('a curl command', () => {
  const folder = fakeCurl()
  const run = async (...args: Parameters<typeof exported>) => ran(await exported(...args), folder)

  it('repeats the request to the proxy that its variable names, with the key of who runs it', async () => {
    const text = await exported(aCapture({ stream: false }), 'curl')
    const { words } = ran(text, folder)
    expect(valueAfter(words, '--url')).toBe('http://127.0.0.1:8000/v1/chat/completions')
    expect(valueAfter(words, '-X')).toBe('POST')
    expect(valueAfter(words, '--data-raw')).toBe(
      '{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}]}',
    )
    expect(headersIn(words)).toContain('authorization: Bearer lp')
    expect(headersIn(words).map((header) => header.split(':')[0])).not.toContain('content-length')
  })

  it.each([
    ['openai-chat', 'authorization: Bearer sk mine'],
    ['openai-responses', 'authorization: Bearer sk mine'],
    ['anthropic-messages', 'x-api-key: ant'],
    ['gemini', 'x-goog-api-key: gem'],
  ] as const)(
    'to a backend of %s takes its variable, and nothing that was recorded',
    async (protocol, header) => {
      const text = await exported(aCapture({ protocol, stream: false }), 'curl', { side: 'backend' })
      expect(text).not.toMatch(/provider-key|access-key/)
      const { words } = ran(text, folder)
      expect(headersIn(words)).toContain(header)
      expect(valueAfter(words, '--url')).toMatch(/^https:\/\//)
    },
  )

  it('has no key that was in the URL, nor cookies', async () => {
    const secret = edited(aCapture({ protocol: 'gemini', stream: false }), (x) => {
      x.request.url = `${x.request.url}?alt=sse&k%65y=AIzaRecorded&sig=abc`
      x.request.header('cookie', 'session=recorded').header('x-other-token', 'recorded')
    })
    const text = await exported(secret, 'curl')
    expect(text).not.toMatch(/recorded/i)
    expect(valueAfter(ran(text, folder).words, '--url')).toMatch(/generateContent\?alt=sse$/)
  })

  it('is written for each attempt on the backend’s side, and for those whose keys are others’ by their names', async () => {
    const retried = edited(aCapture(), (x) => {
      addRefusal(x, { backend: 'open-router' })
    })
    const text = await exported(retried, 'curl', { side: 'backend' })
    expect(text.match(/^curl /gm)).toHaveLength(2)
    expect(text).toContain('$OPEN_ROUTER_API_KEY')
  })

  it('of a capture that names no backend takes the protocol’s variable', async () => {
    const unnamed = edited(aCapture(), (x) => {
      x.attempt.backend = ''
      x.attempt.backendType = ''
    })
    const text = await exported(unnamed, 'curl', { side: 'backend' })
    expect(text).toContain('attempt 1 at an unknown backend')
    expect(headersIn(ran(text, folder).words)).toContain('authorization: Bearer sk mine')
  })

  it('sends no header that curl would read as a file, or as two', async () => {
    const evil = edited(aCapture(), (x) => {
      x.request.headers.push(
        ['@/etc/passwd', 'x'],
        ['a', 'b\r\nevil: 1'],
        ['x-empty', ''],
        ['x-word', "it's $HOME `id`"],
      )
    })
    const { words } = await run(evil, 'curl')
    expect(headersIn(words).some((header) => /passwd|evil/.test(header))).toBe(false)
    expect(headersIn(words)).toEqual(expect.arrayContaining(['x-empty;', "x-word: it's $HOME `id`"]))
  })

  it('has a method, a host and a comment that can do nothing', async () => {
    const evil = edited(aCapture(), (x) => {
      x.request.method = '-o /tmp/x; touch /tmp/y'
      x.session = 's\ntouch /tmp/pwned'
      x.request.url = '/v1/$(id)`id`;\n x'
    })
    const { words } = await run(evil, 'curl')
    expect(valueAfter(words, '-X')).toBe('POST')
    expect(words[0]).toBe('-q')
    expect(valueAfter(words, '--url')).toContain('$(id)`id`;')
  })

  it('has nothing in it that a terminal would obey, and sends all of it', async () => {
    const content = obeyed.join('')
    const evil = edited(
      aCapture({ stream: false, request: { model: 'gpt-4o', messages: [{ role: 'user', content }] } }),
      (x) => {
        x.request.headers.push(['x-word', '\u009b1m\u202e'])
      },
    )
    const text = await exported(evil, 'curl')
    expect(text).not.toMatch(obeyedText)
    const { words, stdin } = ran(text, folder)
    expect(JSON.parse(stdin.toString()).messages[0].content).toBe(content)
    expect(headersIn(words)).toContain('x-word: \u009b1m\u202e')
  })

  it('with a body that is longer than a word may be reads it from printf', async () => {
    const content = `${'it’s 100% \\n '.repeat(30_000)}'`
    const long = aCapture({
      stream: false,
      request: { model: 'gpt-4o', messages: [{ role: 'user', content }] },
    })
    const { words, stdin } = await run(long, 'curl')
    expect(words).toContain('--data-binary')
    expect(JSON.parse(stdin.toString()).messages[0].content).toBe(content)
  })
})

describe('what a shell takes', () => {
  const folder = fakeCurl()
  const unit = fc.oneof(
    fc.constantFrom(...["'", '"', '$', '`', '\\', '\n', '!', '*', '-', '%', '@', ' ', ...obeyed, '漢', '💥']),
    fc.string(),
  )
  const texts = fc.array(unit, { maxLength: 12 }).map((parts) => parts.join('').replaceAll('\0', ''))

  it('as a word is the text that it was made of', () => {
    fc.assert(
      fc.property(fc.array(texts, { minLength: 1, maxLength: 20 }), (all) => {
        const script = `curl ${all.map(shellWord).join(' ')}`
        expect(ran(script, folder).words).toEqual(all)
        expect(script).not.toMatch(obeyedText)
      }),
      { numRuns: 40 },
    )
  })

  it('as a body is every byte of it', () => {
    const bodies = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      texts.map((text) => Buffer.from(text)),
    )
    fc.assert(
      fc.property(bodies, (body) => {
        const { before, argument } = curlBody(body)
        expect(before + argument).not.toMatch(obeyedText)
        const { words, stdin } = ran(`${before}curl ${argument}`, folder)
        const sent = words[0] === '--data-raw' ? Buffer.from(words[1] ?? '') : stdin
        expect(sent.equals(Buffer.from(body))).toBe(true)
      }),
      { numRuns: 60 },
    )
  })
})
