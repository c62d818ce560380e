import type { ChalkInstance } from 'chalk'
import { countText, percentText } from '../numbers.ts'
import { wrapped } from '../wrapped.ts'
import { signedTokens, signedUsd } from './reconcile-columns.ts'
import type { ReconcileAnswer } from './reconcile-shape.ts'

const indent = '  '

/** What is behind the differences, the likeliest first: a heading with its size, and below it the sentence. */
export function causeLines({ causes }: ReconcileAnswer, width: number, chalk: ChalkInstance): string[] {
  return causes.flatMap((one) => {
    const rows = one.rows === 1 ? '1 row' : `${countText(one.rows)} rows`
    const sizes = [
      ...(one.tokens ? [`${signedTokens(one.tokens)} tokens`] : []),
      ...(one.cost_usd ? [signedUsd(one.cost_usd)] : []),
    ]
    const about = `${percentText(one.share)} of what is off: ${[...sizes, `in ${rows}`].join(', ')}`
    const [head = '', ...more] = wrapped(`${one.cause}  ${about}`, width)
    return [
      head.replace(one.cause, chalk.yellow(one.cause)),
      ...more,
      ...wrapped(one.sentence, width - indent.length).map((line) => indent + line),
    ]
  })
}
