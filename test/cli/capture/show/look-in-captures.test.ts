import { describe, expect, it } from 'vitest'
import { readCaptured } from '../../../../src/capture/show/captured.ts'
import { lookInCaptures } from '../../../../src/cli/capture/show/look-in-captures.ts'
import type { JsonObject } from '../../../../src/core/json.ts'
import { aCapture, edited } from '../../../support/a-capture.ts'
import { captureFile } from '../../../support/capture/capture-file.ts'
import { tempFolder } from '../../../support/temp-folder.ts'

const openedMs = Date.UTC(2026, 0, 5, 12)
const look = (id: string, capture?: string, home = tempFolder()) =>
  lookInCaptures({ id, openedMs, capture }, { LLMPROXY_HOME: home }, readCaptured)

const changed = edited(aCapture({ stream: true }), (x) => {
  x.ptb.editJson((json: JsonObject) => {
    json.model = 'gpt-5'
    delete json.stream_options
  })
  x.ptb.header('x-added', '1')
})

describe('what a capture adds to a record', () => {
  it('is when it passed, and what the proxy changed', async () => {
    const file = captureFile(tempFolder(), 'a.cbor', changed)
    const { lines, talk, json } = await look('x_1', file)
    expect(talk).toEqual([`captured in ${file}`])
    expect(lines.slice(0, 3).map((line) => line.trimEnd())).toEqual([
      ...['', 'On the wire', '                         READ  WRITTEN ON  BETWEEN'],
    ])
    expect(lines).toContain('    model  "gpt-4o" → "gpt-5"')
    expect(lines).toContain('    stream_options  {"include_usage":true} → not there')
    expect(lines).toContain('    header x-added  not there → "1"')
    expect(lines.find((line) => line.startsWith('BTP → PTC'))).toMatch(
      /^BTP → PTC, of attempt 1: byte for byte, \d+ B$/,
    )
    expect(json).toMatchObject({
      file,
      is_closed: true,
      passages: [{ from: 'CTP', to: 'PTB', passage: 'edited' }, { passage: 'verbatim' }],
    })
  })

  it('is nothing where nobody recorded, and nobody is bothered with that', async () => {
    expect(await look('x_1')).toEqual({ lines: [], talk: [], json: null })
  })

  it('of a capture that does not have it says where it looked', async () => {
    const folder = tempFolder()
    const file = captureFile(folder, 'a.cbor', changed)
    expect((await look('x_9', file)).talk).toEqual([`not in the capture of ${file} that may have it`])
    const empty = tempFolder()
    expect((await look('x_9', empty)).talk).toEqual([`no capture in ${empty} may have it`])
  })

  it('of a capture that was named and is not there is an error', async () => {
    await expect(look('x_1', '/nowhere.cbor')).rejects.toThrow('there is no file /nowhere.cbor')
  })
})
