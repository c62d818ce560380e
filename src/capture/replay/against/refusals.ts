import type { LegView } from '../../view/view.ts'

/** Why a proxy of ours refuses who asks, by the words of its answer in whichever protocol; null: it does not. */
export function refusalOf(
  answer: LegView | null,
): 'access_key_missing' | 'access_key_wrong' | 'no_credential' | null {
  if (answer?.status !== 401) return null
  const body = Buffer.from(answer.body()).toString('utf8')
  const found = /"(access_key_missing|access_key_wrong|no_credential)"/i.exec(body)?.[1]?.toLowerCase()
  return (found as ReturnType<typeof refusalOf>) ?? null
}

/** What the provider's side of such an answer says, for people. */
export function messageOf(answer: LegView): string | null {
  try {
    const { error } = JSON.parse(Buffer.from(answer.body()).toString('utf8'))
    return typeof error?.message === 'string' ? error.message : null
  } catch {
    return null
  }
}
