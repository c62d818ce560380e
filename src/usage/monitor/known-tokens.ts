/** The factors were measured on English and on code: two letters in a hundred may be others. */
const foreignShareOfTheMeasured = 0.02

/** Whether our count of a text says how many tokens an honest provider counts. */
export function isOfKnownTokens(
  { method }: { method: 'tokenizer' | 'approximate' },
  foreignShare: number,
): boolean {
  return method === 'tokenizer' || foreignShare <= foreignShareOfTheMeasured
}
