import { randomBytes } from 'node:crypto'
import { basename } from 'node:path'

/** What the exchanges of one run are found by. */
export interface RunTags {
  /** The value of `x-llmproxy-tags`. */
  text: string
  /** `run=…`, which no other run has. */
  own: string
}

/** The folder's name as the project, and a name for this run. */
export function runTags(cwd: string): RunTags {
  const own = `run=r${randomBytes(6).toString('hex')}`
  const project = tagValue(basename(cwd))
  return { text: project === '' ? own : `project=${project},${own}`, own }
}

/** What a list of headers would take for an end is written as URLs do, and so is what no header can carry. */
function tagValue(text: string): string {
  return text.replace(/[^\x20-\x7e]|[,:%"\\]/gu, (part) => encodeURIComponent(part)).slice(0, 128)
}
