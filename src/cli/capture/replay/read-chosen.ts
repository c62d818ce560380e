import type { ExchangeView } from '../../../capture/view/view.ts'
import { printable } from '../../../core/printable.ts'
import { exitCodes } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'
import { captureFailure } from '../capture-failure.ts'
import { GapNotes } from '../gap-notes.ts'
import { progressBar } from '../inspect/progress.ts'
import { shellArgument } from '../inspect/shown.ts'
import { selectionOf } from '../selection/selection-of.ts'
import { namedOrNewest } from '../which-capture.ts'
import type { AskedReplay } from './asked-replay.ts'
import type { ReplayParts } from './replay-parts.ts'

export interface ChosenExchanges {
  file: string
  /** In the order of their opening. */
  exchanges: ExchangeView[]
}

/** The exchanges that are meant. Throws failures of usage where there are none. */
export async function readChosen(parts: ReplayParts, { filters }: AskedReplay): Promise<ChosenExchanges> {
  const { flags, replay, env, filesOf, say } = parts
  const selects = replay.selects(selectionOf(filters, { ...parts, capture: replay }))
  const file = await namedOrNewest(parts.file, { config: flags.config, env, filesOf })
  const progress = progressBar(parts.err)
  const gaps = new GapNotes()
  let read = 0
  try {
    const exchanges = await replay.readRecording(file, {
      selects(view) {
        read++
        return selects(view) && (flags.exchange === undefined || view.id.startsWith(flags.exchange))
      },
      ...{ last: flags.last, onGap: gaps.note, onProgress: progress.on },
    })
    progress.clear()
    for (const line of gaps.lines(file)) say(line)
    const only = flags.exchange === undefined ? exchanges : [onlyOne(exchanges, flags.exchange, file)]
    if (only.length === 0) throw none(file, read)
    return { file, exchanges: only }
  } catch (error) {
    throw captureFailure(error, exitCodes.usage)
  } finally {
    progress.clear()
  }
}

function onlyOne(exchanges: readonly ExchangeView[], id: string, file: string): ExchangeView {
  const exact = exchanges.find((exchange) => exchange.id === id)
  const [first, second] = exchanges
  if (exact) return exact
  if (!first) throw new Failure(`no exchange ${printable(id)} that is meant is in ${file}`, exitCodes.usage)
  if (!second) return first
  const message = `more than one exchange begins with ${id}: ${first.id}, ${second.id}`
  throw new Failure(message, exitCodes.usage)
}

function none(file: string, read: number): Failure {
  if (read === 0) return new Failure(`there is no exchange in ${file}`, exitCodes.usage)
  const message = `none of ${read} exchanges in ${file} is meant by the filters`
  return new Failure(message, exitCodes.usage, [`llmproxy capture inspect${shellArgument(file)}`])
}
