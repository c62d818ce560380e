import type { ModelKnowledge } from '../../../capture/detectors/ports.ts'
import type { KnowModels } from '../inspect/judging.ts'

/** What tells of models, each loaded when it is asked for. */
export interface ModelSources {
  prices: () => Promise<{
    createPriceBook: (settings: { folder: string }) => { contextWindowOf: ModelKnowledge['contextWindow'] }
  }>
  tokens: () => Promise<{ countHere: ModelKnowledge['countTokens'] }>
}

export function knowModelsBy({ prices, tokens }: ModelSources): KnowModels {
  return async (folder) => {
    const [{ createPriceBook }, { countHere }] = await Promise.all([prices(), tokens()])
    return { contextWindow: createPriceBook({ folder }).contextWindowOf, countTokens: countHere }
  }
}
