import type { readCaptured } from '../../../capture/show/captured.ts'
import { outputWidth } from '../../table.ts'
import { jsonRow } from '../inspect/json-rows.ts'
import { captureFolder } from '../which-capture.ts'
import { captureLines } from './capture-lines.ts'
import { lookedLine } from './looked-line.ts'

export interface AskedCapture {
  id: string
  openedMs: number
  /** A file or a folder; not given: the configured folder. */
  capture?: string | undefined
  config?: string | undefined
}

/** Looks for an exchange in captures; gives what to print, what to say, and the same as JSON. */
export async function lookInCaptures(
  { id, openedMs, capture, config }: AskedCapture,
  env: NodeJS.ProcessEnv,
  read: typeof readCaptured,
): Promise<{ lines: string[]; talk: string[]; json: object | null }> {
  const place = capture ?? (await configuredFolder(config, env))
  if (place === null)
    return { lines: [], talk: ['captures were not looked at: the configuration cannot be read'], json: null }
  const nothing = { files: 0, bytes: 0, leftOut: 0, found: null }
  const { found, ...looked } = await read(id, place, { openedMs }).catch((error: unknown) => {
    // Where nobody records, the configured folder is not there.
    if (capture === undefined && isNotFound(error)) return nothing
    throw error
  })
  const talk = lookedLine({ ...looked, place, file: found?.file ?? null, isNamed: capture !== undefined })
  return {
    lines: found ? captureLines(found, outputWidth(process.stdout)) : [],
    talk: talk === null ? [] : [talk],
    json: found && jsonRow(found),
  }
}

/** The record was asked of a proxy that needs no configuration here. */
async function configuredFolder(config: string | undefined, env: NodeJS.ProcessEnv): Promise<string | null> {
  try {
    return await captureFolder(config, env)
  } catch (error) {
    if (error instanceof Error && error.name === 'ConfigFaults') return null
    throw error
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'not_found'
}
