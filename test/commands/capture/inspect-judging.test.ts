import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import CaptureInspect from '../../../src/commands/capture/inspect.ts'
import type { JsonObject } from '../../../src/core/json.ts'
import { captureFile } from '../../capture/inspect/a-file.ts'
import { silentBackend } from '../../capture/inspect/trouble.ts'
import { aCapture } from '../../support/a-capture.ts'
import { runCommand } from '../../support/run-command.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const folder = tempFolder()
/** A stream that is silent for 42 seconds. */
const silent = captureFile(folder, silentBackend(), 'silent.cbor')

/** The codes of issues, with their severity, found with this as configuration. */
async function judged(file: string, config: string | null, ...flags: string[]) {
  const home = tempFolder()
  if (config !== null) writeFileSync(join(home, 'config.yaml'), config)
  const { stdout, stderr, exitCode, error } = await runCommand(
    CaptureInspect,
    [file, '--detect-issues', ...flags],
    { LLMPROXY_HOME: home, TZ: 'UTC' },
  )
  expect(error).toBeUndefined()
  const issues = [...stdout.matchAll(/^([A-Z ]+) \(.*\) · (\w+) · /gm)].map(
    ([, words = '', severity]) => `${severity} ${words.toLowerCase().replaceAll(' ', '_')}`,
  )
  return { issues, stdout, stderr: stderr.replaceAll(home, '…'), exitCode: exitCode ?? 0 }
}

const answerOf = (content: string, usage: JsonObject) => ({
  ...{ id: 'chatcmpl-1', object: 'chat.completion', created: 1767614400, model: 'gpt-4o' },
  choices: [{ index: 0, message: { role: 'assistant', content, refusal: null }, finish_reason: 'stop' }],
  usage,
})

describe('capture inspect --detect-issues', () => {
  it('takes the limits of the configuration', async () => {
    expect((await judged(silent, null, '--only', 'stalled_stream')).issues).toEqual(['error stalled_stream'])
    const config = (warn: number, error: number) =>
      `wire_capture:\n  thresholds: { stall_warn_seconds: ${warn}, stall_error_seconds: ${error} }\n`
    expect((await judged(silent, config(40, 50), '--only', 'stalled_stream')).issues).toEqual([
      'warn stalled_stream',
    ])
    expect((await judged(silent, config(50, 60), '--only', 'stalled_stream')).issues).toEqual([])
  })

  it('takes them for the exchanges that a filter means by their issues too', async () => {
    const config = 'wire_capture:\n  thresholds: { stall_warn_seconds: 50, stall_error_seconds: 60 }\n'
    const { stderr } = await judged(silent, config, '--filter', '~issue stalled_stream')
    expect(stderr).toContain('none of 3 exchanges is meant')
  })

  it.each([
    [
      'is broken',
      'wire_capture: [',
      /^issues are judged by the default limits, because the configuration cannot be used: …\/config.yaml:1:/m,
    ],
    [
      'has a limit that is none',
      'wire_capture:\n  thresholds: { stall_warn_seconds: soon }\n',
      /cannot be used: …\/config.yaml:2:\d+: wire_capture.thresholds.stall_warn_seconds: /,
    ],
  ])('says it where the configuration %s, and goes on with the defaults', async (_, config, says) => {
    const { issues, stderr, exitCode } = await judged(silent, config, '--only', 'stalled_stream')
    expect(stderr).toMatch(says)
    expect(issues).toEqual(['error stalled_stream'])
    expect(exitCode).toBe(0)
  })

  it('says it where the named configuration is not there', async () => {
    const { issues, stderr } = await judged(
      silent,
      null,
      '--only',
      'stalled_stream',
      '--config',
      'nothere.yaml',
    )
    expect(stderr).toMatch(/cannot be used: .*nothere\.yaml/)
    expect(issues).toEqual(['error stalled_stream'])
  })

  it('asks no configuration where no issues are looked for', async () => {
    const home = tempFolder()
    writeFileSync(join(home, 'config.yaml'), 'wire_capture: [')
    const { stderr } = await runCommand(CaptureInspect, [silent, '--list-backends'], { LLMPROXY_HOME: home })
    expect(stderr).toBe('')
  })

  it('knows how much of its context window a model had left', async () => {
    const usage = { prompt_tokens: 125_000, completion_tokens: 3, total_tokens: 125_003 }
    const capture = aCapture({ model: 'gpt-4o', answer: answerOf('Hello there.', usage) })
    const file = captureFile(folder, capture, 'full.cbor')
    const { issues, stdout } = await judged(file, null)
    expect(issues).toEqual(['warn context_near_limit'])
    expect(stdout).toContain("The prompt of 125000 tokens filled 98 % of the model's 128000.")
    const tolerant = 'wire_capture:\n  thresholds: { context_warn_ratio: 0.99 }\n'
    expect((await judged(file, tolerant)).issues).toEqual([])
  })

  it('counts with the tokenizer what has more tokens than its length tells', async () => {
    const hexadecimal = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c'.repeat(100)
    const reporting = (completion_tokens: number) =>
      aCapture({
        model: 'gpt-4o',
        answer: answerOf(hexadecimal, {
          ...{ prompt_tokens: 9, completion_tokens },
          total_tokens: completion_tokens + 9,
        }),
      })
    const issuesOf = async (tokens: number) =>
      (await judged(captureFile(folder, reporting(tokens), `${tokens}.cbor`), null)).issues
    expect(await issuesOf(2_700)).toEqual([])
    expect(await issuesOf(9_000)).toEqual(['warn usage_mismatch'])
  })
})
