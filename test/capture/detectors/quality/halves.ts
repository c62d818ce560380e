import { createHash } from 'node:crypto'
import type { CorpusExchange } from '../../../support/corpus.ts'

export const halves = ['tuning', 'test'] as const
export type Half = (typeof halves)[number]

/**
 * What a recording belongs to: a project has a suite for each provider, made by other people at other times from other
 * answers. The corpus has three projects only, two of them with one protocol or no requests, so that
 * projects alone make no halves.
 */
function suiteOf({ id }: CorpusExchange): string {
  const [project = '', ...path] = id.replace(/#\d+$/, '').split('/')
  if (project === 'envoy-ai-gateway') return project
  const [first = '', second = ''] = path
  return first === 'models' || first === 'providers' ? `${project}/${second}` : `${project}/${first}`
}

/** With this word both halves have whole answers and streams of all four protocols. */
const balanced = 'j'

/** By the suite's name alone: a recording stays in its half whatever else the corpus has. */
export function halfOf(recorded: CorpusExchange): Half {
  const digest = createHash('sha256')
    .update(`${balanced} ${suiteOf(recorded)}`)
    .digest()
  return (digest[0] ?? 0) % 2 === 0 ? 'tuning' : 'test'
}
