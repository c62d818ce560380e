import type { filesOf } from '../../../capture/reader/capture-files.ts'
import type { MockAnswer } from '../../../capture/replay/mock/answer-request.ts'
import type { captureMock } from '../../../capture/replay/mock/index.ts'
import type { MockServer } from '../../../capture/replay/mock/mock-server.ts'
import type { ExchangeView } from '../../../capture/view/view.ts'
import type { compileFilter } from '../../../filters/compile.ts'
import type { parseNumber } from '../../../filters/numbers.ts'
import { exitCodes } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'
import { captureFailure } from '../capture-failure.ts'
import { GapNotes } from '../gap-notes.ts'
import { progressBar } from '../inspect/progress.ts'
import { selectionOf } from '../selection/selection-of.ts'
import type { ParseBound } from '../selection/time-bound.ts'
import { namedOrNewest } from '../which-capture.ts'
import type { MockValues } from './flags.ts'
import { answerLine, answerRow, bannerLines, closingLine, closingRow, listeningRow } from './lines.ts'
import { listenFailure } from './listen-failure.ts'
import { paceOf } from './pace-of.ts'

export interface RunMockParts {
  /** Null: the newest. */
  file: string | undefined
  flags: MockValues
  mock: typeof captureMock
  filesOf: typeof filesOf
  compileFilter: typeof compileFilter
  parseBound: ParseBound
  parseNumber: typeof parseNumber
  help: string
  out: NodeJS.WritableStream
  err: NodeJS.WriteStream
  say: (line: string) => void
  /** Resolves when it is to end. */
  ended: Promise<unknown>
  /** Called when the capture is read, before it listens. */
  onRead?: () => void
  onListening?: () => void
}

/** Answers from a capture until it is to end; gives the exit code. Throws failures. */
export async function runMock(parts: RunMockParts): Promise<number> {
  const { flags, mock, say, out } = parts
  const pace = paceOf(flags, parts.parseNumber)
  const read = await readCapture(parts)
  if (read === null) return exitCodes.interrupted
  const { file, exchanges } = read
  parts.onRead?.()
  const line = (text: string, row: object) => out.write(`${flags.json ? JSON.stringify(row) : text}\n`)
  const server = await listening(parts, {
    ...{ exchanges, pace, host: flags.host, port: flags.port, strict: flags.strict },
    reuse: flags.reuse === 'cycle' || flags.reuse === 'none' ? flags.reuse : 'last',
    missStatus: flags['on-miss'] === '404' ? 404 : 503,
    onAnswer: (answer: MockAnswer) => line(answerLine(answer), answerRow(answer)),
  })
  const facts = { ...server, file, pace, isLoopback: mock.isLoopback(flags.host) }
  if (flags.json) line('', listeningRow(facts))
  for (const text of bannerLines(facts)) say(text)
  parts.onListening?.()
  await parts.ended
  const { counts } = server
  line(closingLine(counts, server.pacing()), closingRow(counts, server.pacing()))
  await server.close()
  return counts.miss > 0 ? exitCodes.failed : exitCodes.ok
}

/** Null: it was to end before all was read. */
async function readCapture(parts: RunMockParts): Promise<{ file: string; exchanges: ExchangeView[] } | null> {
  const { flags, mock, filesOf, say } = parts
  const selection = selectionOf(flags, { ...parts, capture: mock })
  const file = await namedOrNewest(parts.file, { config: flags.config, env: process.env, filesOf })
  const progress = progressBar(parts.err)
  const gaps = new GapNotes()
  const selects = mock.selects(selection)
  const stop = new AbortController()
  void parts.ended.then(() => stop.abort())
  try {
    const exchanges = await mock.readRecording(file, {
      ...{ onGap: gaps.note, onProgress: progress.on },
      selects(view) {
        stop.signal.throwIfAborted()
        return selects(view)
      },
    })
    progress.clear()
    for (const line of gaps.lines(file)) say(line)
    if (exchanges.length > 0) return { file, exchanges }
    throw new Failure(`no exchanges in ${file} that are meant`, exitCodes.usage, [
      `llmproxy capture inspect ${file}`,
    ])
  } catch (error) {
    progress.clear()
    if (stop.signal.aborted) return null
    throw captureFailure(error, exitCodes.usage)
  }
}

type Settings = Parameters<typeof captureMock.startMock>[0]

async function listening({ mock, file }: RunMockParts, settings: Settings): Promise<MockServer> {
  try {
    return await mock.startMock(settings)
  } catch (error) {
    throw listenFailure(error, { ...settings, file })
  }
}
