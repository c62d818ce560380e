import type { TokenLogprob } from '../../core/event.ts'
import { arrayAt, type Json, type JsonObject, numberAt, stringAt } from '../../core/json.ts'

/** `logprobsResult`: the chosen tokens, and beside them lists of those that could have stood in their place. */
export function logprobsOf(result: JsonObject | undefined): TokenLogprob[] {
  const top = arrayAt(result, 'topCandidates') ?? []
  return (arrayAt(result, 'chosenCandidates') ?? []).flatMap((chosen, index) => {
    const token = tokenOf(chosen)
    if (token === undefined) return []
    const others = (arrayAt(top[index], 'candidates') ?? []).flatMap((other) => tokenOf(other) ?? [])
    return [{ ...token, top: others }]
  })
}

function tokenOf(candidate: Json): Omit<TokenLogprob, 'top'> | undefined {
  const token = stringAt(candidate, 'token')
  const logprob = numberAt(candidate, 'logProbability')
  return token === undefined || logprob === undefined ? undefined : { token, logprob, bytes: null }
}

export function encodeLogprobs(tokens: readonly TokenLogprob[]): JsonObject {
  const plain = ({ token, logprob }: Omit<TokenLogprob, 'top'>) => ({ token, logProbability: logprob })
  return {
    chosenCandidates: tokens.map(plain),
    topCandidates: tokens.map(({ top }) => ({ candidates: top.map(plain) })),
  }
}
