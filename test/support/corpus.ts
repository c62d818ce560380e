import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Json, JsonObject } from '../../src/core/json.ts'
import type { ProtocolName } from '../../src/core/protocol-name.ts'

/** One recorded exchange with a provider; the corpus' own README says what each field means. */
export interface CorpusExchange {
  id: string
  protocol: ProtocolName
  provider: string
  stream: boolean
  request: { method: string; path: string; headers: Record<string, string>; body: JsonObject } | null
  response: { status: number; headers: Record<string, string>; body: string }
  features: readonly string[]
  /** What is odd about it, in words; null when nothing is. */
  anomaly: string | null
  /** The kind of helper call (`count-tokens`, `retrieve`, `compact`); null for a generation call. */
  misc: string | null
}

const projectRoot = fileURLToPath(new URL('../..', import.meta.url))

/** `LLMPROXY_CORPUS`, or the folder beside the project. */
const corpusFolder = process.env.LLMPROXY_CORPUS ?? join(projectRoot, '../shared/corpus')

/** Every recorded exchange, helper calls included; none, and a printed line, where there is no corpus. */
export function readCorpus(): CorpusExchange[] {
  if (!existsSync(corpusFolder)) {
    console.log(`corpus tests skipped: no folder ${corpusFolder} (set LLMPROXY_CORPUS)`)
    return []
  }
  return readdirSync(corpusFolder)
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .flatMap((name) => readFileSync(join(corpusFolder, name), 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => exchange(JSON.parse(line)))
}

/** Whether a streamed answer is one JSON array rather than server-sent events. */
export function isJsonArray(recorded: CorpusExchange): boolean {
  return recorded.protocol === 'gemini' && recorded.response.body.trimStart().startsWith('[')
}

/** The answer's body as JSON; undefined when it is none (a stream, plain text). */
export function wholeBody(recorded: CorpusExchange): Json | undefined {
  try {
    return JSON.parse(recorded.response.body)
  } catch {
    return undefined
  }
}

type Line = Omit<CorpusExchange, 'features' | 'anomaly' | 'misc'> &
  Partial<Record<'anomaly' | 'misc', string>> & { features?: string[] }

function exchange(line: Line): CorpusExchange {
  return { ...line, features: line.features ?? [], anomaly: line.anomaly ?? null, misc: line.misc ?? null }
}
