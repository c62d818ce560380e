import { expect, it } from 'vitest'
import { type Event, endsHoldBack, isContent } from '../../src/core/event.ts'

it.each<[Event, { endsHoldBack: boolean; isContent: boolean }]>([
  [
    { type: 'text', text: '' },
    { endsHoldBack: true, isContent: true },
  ],
  [
    { type: 'reasoning', text: 'x' },
    { endsHoldBack: true, isContent: true },
  ],
  [
    { type: 'refusal', text: 'x' },
    { endsHoldBack: true, isContent: true },
  ],
  [
    { type: 'tool_call', index: 0, arguments: '' },
    { endsHoldBack: true, isContent: true },
  ],
  [
    { type: 'content', kind: 'image' },
    { endsHoldBack: true, isContent: true },
  ],
  [
    { type: 'end', reason: 'stop', raw: 'stop' },
    { endsHoldBack: true, isContent: false },
  ],
  [
    { type: 'unknown', name: 'x' },
    { endsHoldBack: true, isContent: false },
  ],
  [{ type: 'start' }, { endsHoldBack: false, isContent: false }],
  [
    { type: 'usage', usage: {} },
    { endsHoldBack: false, isContent: false },
  ],
  [{ type: 'ping' }, { endsHoldBack: false, isContent: false }],
  [
    { type: 'structure', name: 'x' },
    { endsHoldBack: false, isContent: false },
  ],
  [
    { type: 'error', message: 'x', errorType: null, code: null, status: null, retryAfterMs: null },
    { endsHoldBack: false, isContent: false },
  ],
])('$type: %j counts as %j', (event, wanted) => {
  expect({ endsHoldBack: endsHoldBack(event), isContent: isContent(event) }).toEqual(wanted)
})
