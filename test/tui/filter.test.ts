import { describe, expect, it } from 'vitest'
import { filterOf } from '../../src/tui/filter/filter.ts'
import { inFlight } from '../../src/tui/lists/in-flight.ts'
import { anExchange, aSnapshot, aState } from './a-snapshot.ts'

const exchanges = [
  anExchange({ id: 'x_1', client_app: 'claude-code', backend: 'anthropic', cost_usd: 0.09 }),
  anExchange({
    id: 'x_2',
    client_app: 'aider',
    backend: 'openai.eu',
    model: 'gpt-5',
    requested_model: 'gpt-5',
    cost_usd: 0.01,
  }),
  anExchange({
    id: 'x_3',
    client_app: null,
    backend: null,
    model: null,
    requested_model: 'o3',
    cost_usd: null,
    state: 'stalled',
  }),
]

function shown(text: string): string[] {
  const state = { ...aState(aSnapshot({ in_flight: exchanges })), filter: filterOf(text) }
  return inFlight.rows(state).map(({ id }) => id)
}

describe('a filter', () => {
  it.each([
    ['', ['x_1', 'x_2', 'x_3']],
    ['sonnet', ['x_1']],
    ['SONNET', ['x_1']],
    ['aider gpt', ['x_2']],
    ['!aider', ['x_1', 'x_3']],
    ['x_3', ['x_3']],
    ['backend:openai', ['x_2']],
    ['!backend:openai', ['x_1', 'x_3']],
    ['backend:anthropic cost>0.05', ['x_1']],
    ['cost>0.05', ['x_1']],
    ['cost<$1', ['x_1', 'x_2']],
    ['state=stalled', ['x_3']],
    ['state:stall | app:aid', ['x_2', 'x_3']],
    ['(aider | sonnet) & !gpt', ['x_1']],
    ['~e', ['x_3']],
    // A colon that names no column is a part of the word.
    ['nothing:openai', []],
  ])('%s', (text, ids) => {
    expect(filterOf(text).fault).toBeNull()
    expect(shown(text)).toEqual(ids)
  })

  it.each([
    ['cost>', 'a value is missing'],
    ['cost>much', 'no amount of dollars'],
    ['coast>1', 'did you mean cost?'],
    ['(a', ''],
    ['"a', 'never closed'],
  ])('%s means nothing, and says so in one line', (text, words) => {
    const { fault, test } = filterOf(text)
    expect(fault).toContain(words)
    expect(fault).not.toContain('\n')
    expect(test).toBeNull()
  })
})
