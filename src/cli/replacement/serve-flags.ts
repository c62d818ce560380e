import { Flags } from '@oclif/core'
import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'

/** Flags of `serve` for random replacement; a turn is one request, of which an agent makes many for one prompt. */
export const replacementFlags = {
  'enable-replacement': Flags.boolean({
    summary: 'answer some turns of a session by another model, at random; a turn is one request',
  }),
  'replacement-probability': Flags.string({
    summary: 'of beginning with a request, 0 to 1',
    helpValue: 'P',
  }),
  'random-model-replacement-from-to': Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    summary: 'what is answered by what; *=openai:gpt-4o, anthropic:opus=…, or part of a name; repeatable',
    helpValue: 'FROM=BACKEND:MODEL',
  }),
  'replacement-turn-count': Flags.integer({
    summary: 'how many turns in a row; an agent makes many for one prompt',
    min: 1,
    helpValue: 'N',
  }),
  'replacement-seed': Flags.integer({ summary: 'makes the rolls reproducible', min: 0, helpValue: 'N' }),
}

export interface ReplacementFlagValues {
  'enable-replacement'?: boolean | undefined
  'replacement-probability'?: string | undefined
  'random-model-replacement-from-to'?: string[] | undefined
  'replacement-turn-count'?: number | undefined
  'replacement-seed'?: number | undefined
}

/** What the flags set in the configuration, by its keys. Throws a Failure for what cannot be read. */
export function replacementValues(flags: ReplacementFlagValues): Record<string, unknown> {
  const rules = flags['random-model-replacement-from-to']
  return {
    'replacement.enabled': flags['enable-replacement'],
    'replacement.probability': probabilityOf(flags['replacement-probability']),
    'replacement.turn_count': flags['replacement-turn-count'],
    'replacement.seed': flags['replacement-seed'],
    'replacement.replacement_rules': rules?.map(ruleOf),
  }
}

function probabilityOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^(\d+\.?\d*|\.\d+)$/.test(text)) return Number(text)
  throw new Failure(
    `--replacement-probability is "${text}"; it is a number from 0 to 1, such as 0.3`,
    exitCodes.usage,
  )
}

/** Split at the first `=`, and what follows at its first colon: names of models may have both. */
function ruleOf(text: string): { from_pattern: string; to_backend: string; to_model: string } {
  const [, from, backend, model] = /^([^=]+)=([^:]+):(.+)$/s.exec(text) ?? []
  if (from !== undefined && backend !== undefined && model !== undefined) {
    return { from_pattern: from, to_backend: backend, to_model: model }
  }
  throw new Failure(
    `--random-model-replacement-from-to is "${text}"; it is FROM=BACKEND:MODEL, such as *=openai:gpt-4o`,
    exitCodes.usage,
  )
}
