import { beforeAll, describe, expect, it } from 'vitest'
import { filteredExchange } from '../../../src/capture/inspect/filtered-exchange.ts'
import { compileFilter } from '../../../src/filters/compile.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { captureFile } from './a-file.ts'
import { inspected } from './inspected.ts'
import { badAnswers, refusals, silentBackend } from './trouble.ts'

let files: Record<string, string>
beforeAll(() => {
  const folder = tempFolder()
  files = {
    silent: captureFile(folder, silentBackend(), 'silent.cbor'),
    refusals: captureFile(folder, refusals(), 'refusals.cbor'),
    bad: captureFile(folder, badAnswers(), 'bad.cbor'),
  }
})

async function idsOf(file: string, filter: string): Promise<string[]> {
  return (await inspected([files[file]!], { matches: compileFilter(filter, filteredExchange) })).ids
}

describe('--filter of captured exchanges', () => {
  it.each([
    ['silent', '~all', ['x_1', 'x_2', 'x_3']],
    ['silent', '~u api.anthropic.com/v1/messages', ['x_1', 'x_2', 'x_3']],
    ['silent', '~m post & ~x x_2', ['x_2']],
    ['silent', '~d "^api\\.anthropic\\.com$" & !~x 2', ['x_1', 'x_3']],
    ['silent', '~issue stalled', ['x_2']],
    // By the original's name.
    ['silent', '~issue slow_response', ['x_2']],
    ['silent', 'gap>10s', ['x_2']],
    ['silent', 'dur>=42s', ['x_2']],
    ['silent', 'ttft>400ms & ttft<1s & chunks<8', ['x_3']],
    ['silent', 'out_tokens=4 in_tokens>1k', []],
    ['silent', '~session s_ag turn=3', ['x_3']],
    ['silent', '~leg btp', ['x_1', 'x_2', 'x_3']],
    ['refusals', '~c 429', ['x_1']],
    ['refusals', 'status>=400', ['x_1']],
    ['refusals', '~e', ['x_1']],
    ['refusals', '~s & !~e', ['x_2', 'x_3']],
    ['refusals', '~q', []],
    // Of an attempt that did not become the answer.
    ['refusals', '~backend azure', ['x_2']],
    ['refusals', 'azure', ['x_2']],
    ['refusals', '~h "retry-after: 20"', ['x_1']],
    ['refusals', '~hs retry-after', ['x_1']],
    ['refusals', '~hq retry-after', []],
    ['refusals', '~ts event-stream', ['x_2']],
    ['refusals', '~bs "rate limit"', ['x_1']],
    ['refusals', '~bq "rate limit"', []],
    ['refusals', 'attempts>1', ['x_2']],
    ['bad', '~tool ^bash$', ['x_1']],
    ['bad', '~bq "list the files" & ~b look', ['x_2']],
    ['bad', '~model 4o bytes<1kb in_bytes<1mb', ['x_1', 'x_2']],
    ['bad', 'bytes>1mb', []],
  ])('in the capture %s, %s', async (file, filter, ids) => {
    expect(await idsOf(file, filter)).toEqual(ids)
  })

  it('knows no value of what the file does not say', async () => {
    expect(await idsOf('bad', 'ttft<1h')).toEqual([])
    expect(await idsOf('bad', 'ttft!=1s')).toEqual([])
  })

  it('refuses a leg that there is none of', () => {
    expect(() => compileFilter('~leg xyz', filteredExchange)).toThrow(/CTP/)
  })

  it('refuses an issue that no detector finds', () => {
    expect(() => compileFilter('~issue stald_stream', filteredExchange)).toThrow(
      /did you mean stalled_stream\?/,
    )
    expect(() => compileFilter('issue=backend_eror', filteredExchange)).toThrow(
      /did you mean backend_error\?/,
    )
  })
})
