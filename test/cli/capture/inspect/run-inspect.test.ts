import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Chalk } from 'chalk'
import { describe, expect, it } from 'vitest'
import { lengthEstimates } from '../../../../src/capture/detectors/ports.ts'
import { captureReading as capture } from '../../../../src/capture/inspect/index.ts'
import { runInspect } from '../../../../src/cli/capture/inspect/run-inspect.ts'
import { columnsOf } from '../../../../src/cli/text-width.ts'
import { captureBytes, captureFile } from '../../../capture/inspect/a-file.ts'
import { clean, refusals, silentBackend } from '../../../capture/inspect/trouble.ts'
import { tempFolder } from '../../../support/temp-folder.ts'

/** A terminal of so many columns, or a pipe. */
function aStream(columns: number | null) {
  let text = ''
  const waiting: { pattern: RegExp; resolve: () => void }[] = []
  const stream = {
    isTTY: columns !== null,
    columns: columns ?? undefined,
    write(piece: string) {
      text += piece
      for (const { pattern, resolve } of waiting) if (pattern.test(text)) resolve()
      return true
    },
    on() {},
    off() {},
  }
  const says = (pattern: RegExp) =>
    new Promise<void>((resolve) => (pattern.test(text) ? resolve() : waiting.push({ pattern, resolve })))
  return { stream: stream as never, text: () => text, says }
}

function aRun(paths: readonly string[], flags: object, columns: number | null = null, color = false) {
  const out = aStream(columns)
  const stop = new AbortController()
  const code = runInspect({
    flags: { context: 5, 'max-data': 4096, ...flags },
    ...{
      capture,
      paths,
      named: paths[0] ?? null,
      isOneFile: true,
      selection: capture.everything,
      choice: {},
      judging: () => Promise.resolve({ models: lengthEstimates }),
    },
    chalk: { output: new Chalk({ level: color ? 1 : 0 }), plain: new Chalk({ level: 0 }) },
    ...{ signal: stop.signal, out: out.stream, err: aStream(null).stream, say: () => {} },
  })
  return { out, stop, code }
}

describe.each([80, 120, 200])('on a terminal of %i columns', (columns) => {
  it.each([
    {},
    { 'detect-issues': true },
    { analyze: true, 'analyze-streaming': true, timeline: true },
    {
      'status-summary': true,
      'group-by-session': true,
      b2bua: true,
      'list-backends': true,
      'track-request': 1,
    },
    { exchange: 'x_2', verbose: true },
    { entries: 40 },
  ])('no line is wider, but for commands to copy: %j', async (flags) => {
    for (const draft of [silentBackend(), refusals()]) {
      const path = captureFile(tempFolder(), draft, 'a.cbor')
      const { out, code } = aRun([path], flags, columns)
      await code
      const lines = out.text().replaceAll(path, 'a.cbor').split('\n')
      const wide = lines.filter((line) => line.length > columns && !/^\s*\$ /.test(line))
      expect(wide).toEqual([])
      expect(lines.length).toBeGreaterThan(5)
    }
  })
})

it('tells what is wrong with an exchange in the narrowest terminal, whatever its model is called', async () => {
  const draft = refusals()
  for (const x of draft.exchanges)
    for (const attempt of x.attempts) attempt.model = 'vendor/a-model-漢字-2026-01-05'
  const { out, code } = aRun([captureFile(tempFolder(), draft)], { last: 3 }, 80)
  await code
  const lines = out.text().split('\n').slice(-6)
  expect(lines.join('\n')).toMatchInlineSnapshot(`
    "TIME      MODEL                        STATUS    TOOK  ID   WHAT
    12:00:00  vendor/a-model-漢字-2026-0…     429  353 ms  x_1  error: rate_limited…
    12:01:00  vendor/a-model-漢字-2026-0…     200  764 ms  x_2  2 attempts, ! model…
    12:05:00  vendor/a-model-漢字-2026-0…     200  751 ms  x_3  ! model_mismatch
    hidden: #, APP, BACKEND, IN, OUT, TTFT (widen the terminal, or use --json)
    "
  `)
  expect(lines.every((line) => columnsOf(line) <= 80)).toBe(true)
})

it('has colours where the terminal has them, and none in what it writes to a file', async () => {
  const path = captureFile(tempFolder(), silentBackend())
  const coloured = aRun([path], { 'detect-issues': true }, 80, true)
  await coloured.code
  expect(coloured.out.text()).toContain('\u001b[31m')
  const output = join(tempFolder(), 'out.txt')
  await aRun([path], { 'detect-issues': true, output }, 80, true).code
  expect(readFileSync(output, 'utf8')).not.toContain('\u001b')
})

describe('--follow', () => {
  it('shows the last exchanges that are there, then each that ends, until it is stopped', async () => {
    const whole = captureBytes(clean())
    const second = whole.indexOf(Buffer.from('anthropic-messages')) - 60
    const cut = whole.indexOf(Buffer.from('8344f74c5033', 'hex'), second)
    const path = join(tempFolder(), 'growing.cbor')
    writeFileSync(path, whole.subarray(0, cut))
    const { out, stop, code } = aRun([path], { follow: true, last: 5 })
    await out.says(/x_1/)
    expect(out.text()).not.toMatch(/x_2/)
    appendFileSync(path, whole.subarray(cut))
    await out.says(/x_2/)
    stop.abort()
    expect(await code).toBe(0)
    expect(out.text()).toMatch(/^Exchanges as they end$/m)
  })

  it('gives what is gathered when it is stopped', async () => {
    const path = captureFile(tempFolder(), clean())
    const { out, stop, code } = aRun([path], { follow: true, timeline: true, 'list-backends': true })
    await out.says(/x_2[\s\S]*closed: complete/)
    stop.abort()
    await code
    expect(out.text()).toMatch(/^Backends\n[\s\S]*^anthropic/m)
  })
})

it('stops reading, and prints nothing half, when it is told to', async () => {
  const path = captureFile(tempFolder(), silentBackend())
  const { out, stop, code } = aRun([path], { 'detect-issues': true })
  stop.abort()
  await code
  expect(out.text()).not.toMatch(/STALLED/)
})
