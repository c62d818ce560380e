import { captureModeBody, captureSaveBody } from '../../routes/api-bodies.ts'
import { adminErrors, type Operation } from '../operation.ts'
import { captureSaved, captureState } from '../schemas/small.ts'

const file = 'captures/llmproxy-20261110-120000.llmcap'

export const captureOperations: readonly Operation[] = [
  {
    ...{ method: 'post', path: '/internal/capture', id: 'setCaptureMode', tag: 'capture' },
    summary: 'Records the wire: everything, the last of it in memory, or nothing',
    body: { schema: captureModeBody, example: { mode: 'all' } },
    answers: {
      200: {
        description: 'The mode from now on, and how the capture is',
        schema: captureState,
        example: { mode: 'all', file, bytes: 4_096, dropped_records: 0, last_error: null },
      },
    },
    errors: [...adminErrors, 'bad_request', 'body_too_large', 'internal'],
  },
  {
    ...{ method: 'post', path: '/internal/capture/save', id: 'saveCapture', tag: 'capture' },
    summary: 'Writes what mode recent keeps in memory into a file: one exchange, or all',
    body: { schema: captureSaveBody, example: { exchange: 'x_1m8byek899yt' } },
    answers: {
      200: { description: 'It is written', schema: captureSaved, example: { file, exchanges: 1 } },
    },
    errors: [...adminErrors, 'bad_request', 'body_too_large', 'capture_not_saved', 'internal'],
  },
]
