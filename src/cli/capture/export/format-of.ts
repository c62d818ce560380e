import { exitCodes } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'

export const formatNames = ['har', 'jsonl', 'curl', 'markdown'] as const
export type FormatName = (typeof formatNames)[number]

const endings: Readonly<Record<string, FormatName>> = {
  '.har': 'har',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.sh': 'curl',
  '.md': 'markdown',
}

/** The format as said, else as the output's name ends. */
export function formatOf(said: string | undefined, output: string | undefined): FormatName {
  const named = formatNames.find((name) => name === said)
  const byEnding = endings[/\.[a-z]+$/i.exec(output ?? '')?.[0].toLowerCase() ?? '']
  const format = named ?? byEnding
  if (format !== undefined) return format
  throw new Failure(`which format: --format ${formatNames.join(', ')}`, exitCodes.usage)
}
