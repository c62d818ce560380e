import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type FilteredRecord, filteredRecord } from '../../../src/cli/usage/filtered-record.ts'
import { compileFilter } from '../../../src/filters/compile.ts'
import type { UsageRecord } from '../../../src/usage/record/record.ts'
import { anEntry, aRecord } from '../../support/a-record.ts'
import { randomRecord } from '../../support/random-records.ts'

/** One that differs from the plain record in all that filters ask for. */
const special: Partial<UsageRecord> = {
  id: 'x_9zz8byek899ytabcdefgh',
  session_id: 's_special',
  turn_number: 7,
  frontend_type: 'anthropic-messages',
  requested_model: 'sonnet',
  model: 'claude-sonnet-4-5',
  attempts: 2,
  attempt_log: [
    anEntry({}, { backend_instance_id: 'eu', backend_type: 'azure' }),
    anEntry({}, { backend_instance_id: 'anthropic', backend_type: 'anthropic' }),
  ],
  stream: false,
  call_purpose: 'title',
  outcome: 'incomplete',
  incomplete_reason: 'client_disconnect',
  error_type: 'client_gone',
  http_status_code: 499,
  replaced: true,
  tags: { project: 'web' },
  backend_reported_usage: {
    ...{ prompt_tokens: 150_000, completion_tokens: 2_000 },
    prompt_tokens_details: { cached_tokens: 90_000 },
    completion_tokens_details: { reasoning_tokens: 700 },
  },
  cost_usd: 1.25,
  list_cost_usd: 3,
  billing: 'subscription',
  tool_names: ['Bash', 'Edit'],
  tool_call_count: 5,
  tool_error_count: 2,
  ttft_ms: 4_000,
  stream_tps: 80,
  backend_wait_ms: 3_000,
  queued_ms: 1_500,
  longest_gap_ms: 10_000,
  total_duration_ms: 90_000,
  user_agent: 'codex_cli/2',
  client_app: 'codex',
  proxy_user: 'ann',
}

const matches = (filter: string, record: FilteredRecord) => compileFilter(filter, filteredRecord)(record)

describe('a filter of usage records', () => {
  it.each([
    ...['id=x_9zz8byek899ytabcdefgh', '~x x_9zz8', '~x 9zz8', 'x_9zz8byek899ytabcdefgh', '~session special'],
    ...[
      'session=s_special',
      'turn=7',
      'frontend=anthropic-messages',
      'requested_model=sonnet',
      '~model ^claude-',
    ],
    ...['model=claude-*', '~backend azure', 'backend=eu', 'backend=anthropic', 'attempts>1', 'stream=false'],
    ...[
      'purpose=title',
      'outcome=incomplete',
      'reason=client_disconnect',
      'error=client_gone',
      '~e',
      '~c 499',
    ],
    ...['status>=400', 'replaced=true', 'tag=project', 'tag=project=web', 'in_tokens>100k', 'out_tokens=2k'],
    ...['cached_tokens>=90k', 'reasoning_tokens>500', 'cost>$1', 'list_cost=3', 'billing=subscription'],
    ...[
      '~tool ^bash$',
      'tool=edit',
      'tools>=5',
      'tool_errors>0',
      'ttft>2s',
      'tps>60',
      'wait>2s',
      'queued>=1s',
    ],
    ...['gap>9s', 'duration>=1m', 'agent=codex*', 'app=codex', 'user=ann'],
    // In the columns.
    ...['sonnet', '499', '150k', '"4.0 s"', '"1m30s"', '$1.25', '"client_disconnect, 2 attempts"', 'codex'],
  ])('%s', (filter) => {
    expect(matches(filter, aRecord(special))).toBe(true)
    expect(matches(filter, aRecord())).toBe(false)
  })

  it('finds in columns what the table shows, and whole ids', () => {
    const record = aRecord({ ...special, model: 'a\u001b[2Jb' })
    expect(matches('"a␛[2Jb"', record)).toBe(true)
    expect(matches('special', record)).toBe(false)
  })

  it('asks for tokens as they are shown: those that we counted where the provider told none', () => {
    const counted = {
      tokens_source: 'count',
      backend_reported_usage: null,
      mutated_prompt_tokens: 120_000,
    } as const
    expect(matches('in_tokens=120k', aRecord(counted))).toBe(true)
    expect(matches('"~120k"', aRecord(counted))).toBe(true)
    expect(matches('in_tokens>=0', aRecord({ ...counted, tokens_source: null }))).toBe(false)
  })

  it('does not know what was never said', () => {
    const unanswered = aRecord({
      ...{ http_status_code: null, session_id: null, model: null, requested_model: null, ttft_ms: null },
      ...{ attempts: 0, attempt_log: [], backend_instance_id: null, cost_usd: null },
    })
    for (const filter of ['status!=200', 'session!=x', 'model!=x', 'ttft<1s', 'cost=0', '~s', 'backend=*']) {
      expect([filter, matches(filter, unanswered)]).toEqual([filter, false])
    }
    expect(matches('~q backend!=openai', unanswered)).toBe(true)
    expect(matches('~s !~q', aRecord())).toBe(true)
  })

  it('means of any record what each part means, said in the words of the record', () => {
    const parts: [filter: string, means: (record: UsageRecord) => boolean][] = [
      ['~model "-MINI|claude"', ({ model }) => model !== null && /-mini|claude/.test(model)],
      [
        'backend=openai.us',
        ({ attempt_log }) => attempt_log.some((one) => one.backend_instance_id === 'openai.us'),
      ],
      ['cost>=0.5', ({ cost_usd }) => (cost_usd ?? -1) >= 0.5],
      ['ttft<30s', ({ ttft_ms }) => ttft_ms !== null && ttft_ms < 30_000],
      ['status!=200', ({ http_status_code }) => http_status_code !== 200],
      ['user!=ann', ({ proxy_user }) => proxy_user === 'bob'],
      ['~tool read', ({ tool_names }) => tool_names.includes('Read')],
      ['tag="job=o\'brien"', ({ tags }) => tags.job === "o'brien"],
    ]
    const some = fc.subarray(parts, { minLength: 1 })
    fc.assert(
      fc.property(
        some,
        fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
        randomRecord,
        (chosen, nots, record) => {
          const texts = chosen.map(([text], index) => (nots[index] ? `!${text}` : text))
          const truths = chosen.map(([, means], index) => means(record) !== nots[index])
          expect(matches(texts.join(' & '), record)).toBe(truths.every(Boolean))
          expect(matches(texts.join(' | '), record)).toBe(truths.some(Boolean))
        },
      ),
      { numRuns: 500 },
    )
  })
})
