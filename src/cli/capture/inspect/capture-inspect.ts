import { dirname } from 'node:path'
import type { filesOf, isFolder } from '../../../capture/reader/capture-files.ts'
import type { compileFilter } from '../../../filters/compile.ts'
import { exitCodes } from '../../exit-codes.ts'
import { captureFailure } from '../capture-failure.ts'
import { selectionOf } from '../selection/selection-of.ts'
import type { ParseBound } from '../selection/time-bound.ts'
import { namedOrNewest } from '../which-capture.ts'
import type { InspectValues } from './flags.ts'
import { issueChoice } from './issue-choice.ts'
import { judgingOf, type KnowModels } from './judging.ts'
import { runInspect } from './run-inspect.ts'
import type { Capture } from './section.ts'

export interface CaptureInspectParts {
  files: readonly string[]
  flags: InspectValues
  capture: Capture
  filesOf: typeof filesOf
  isFolder: typeof isFolder
  compileFilter: typeof compileFilter
  parseBound: ParseBound
  knowModels: KnowModels
  help: string
  say: (line: string) => void
}

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** `capture inspect` on this process' own streams; gives the exit code. */
export async function captureInspect(parts: CaptureInspectParts): Promise<number> {
  const { files, flags, capture, filesOf, help, say } = parts
  const selection = selectionOf(flags, parts)
  const choice = issueChoice(flags, capture.detectors, help)
  const newest = () =>
    namedOrNewest(undefined, { config: flags.config, env: process.env, filesOf: (path) => filesOf(path) })
  const paths = files.length > 0 ? files : [await newest()]
  const named = nameOf(files)
  const isOneFile = paths.length === 1 && !(await parts.isFolder(paths[0] ?? ''))
  const { Chalk, default: chalk } = await import('chalk')
  const stop = new AbortController()
  let code: number = exitCodes.ok
  const onSignal = () => {
    code = exitCodes.interrupted
    stop.abort()
  }
  // `| head` has seen enough.
  const onError = (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    stop.abort()
  }
  for (const signal of stopSignals) process.once(signal, onSignal)
  process.stdout.on('error', onError)
  capture.keepHeapSmall()
  try {
    const found = await runInspect({
      ...{ flags, capture, paths, named, isOneFile, selection, choice, say },
      judging: () =>
        judgingOf({
          ...{ config: flags.config, env: process.env, cwd: process.cwd() },
          ...{ thresholdsOf: capture.thresholdsOf, knowModels: parts.knowModels, say },
        }),
      chalk: { output: chalk, plain: new Chalk({ level: 0 }) },
      ...{ signal: stop.signal, out: process.stdout, err: process.stderr },
    })
    return code === exitCodes.ok ? found : code
  } catch (error) {
    throw captureFailure(error, exitCodes.usage)
  } finally {
    for (const signal of stopSignals) process.off(signal, onSignal)
    process.stdout.off('error', onError)
  }
}

/** What commands to try name: one file or folder; of several files the folder that they are in. */
function nameOf(files: readonly string[]): string | null {
  const [first, ...others] = files
  if (first === undefined || others.length === 0) return first ?? null
  const folder = dirname(first)
  return others.every((file) => dirname(file) === folder) ? folder : first
}
