import { filteredExchange } from '../../inspect/filtered-exchange.ts'
import { everything } from '../../inspect/selection.ts'
import { readRecording } from '../recording.ts'
import { isLoopback, startMock } from './mock-server.ts'
import { selects } from './selects.ts'

/** What `capture mock` runs with, in one piece: it is heavy, so the command loads it when it runs and hands it on. */
export const captureMock = { startMock, isLoopback, readRecording, selects, everything, filteredExchange }
