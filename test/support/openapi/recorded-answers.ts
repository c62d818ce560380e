import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RecordedAnswer, recordAnswers } from './record-answers.js'

let here: RecordedAnswer[] = []
let readBytes = 0

const folder = process.env.VITEST ? mkdtempSync(join(tmpdir(), 'llmproxy-answers-')) : null
const file = folder === null ? null : join(folder, 'answers.jsonl')
if (folder !== null) {
  recordAnswers(
    (answer) => here.push(answer),
    () => here.length < 100,
  )
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
}

/** For whoever starts the built program: arguments of Node's, and variables. None where it is measured, not tested. */
export const recording: { nodeArgs: readonly string[]; env: Record<string, string> } =
  file === null
    ? { nodeArgs: [], env: {} }
    : {
        nodeArgs: ['--import', new URL('record-answers.js', import.meta.url).href],
        env: { ANSWERS_FILE: file },
      }

/** What the proxies of this process answered, and those that it started as programs, since this was last asked. */
export function takeAnswers(): RecordedAnswer[] {
  const taken = [...here, ...ofPrograms()]
  here = []
  return taken
}

/** Only whole lines: a program may be writing its next one. */
function ofPrograms(): RecordedAnswer[] {
  if (file === null || !existsSync(file)) return []
  const bytes = readFileSync(file).subarray(readBytes)
  const whole = bytes.subarray(0, bytes.lastIndexOf('\n') + 1)
  readBytes += whole.length
  return whole
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}
