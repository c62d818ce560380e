import { effectiveness } from '../../../src/replacement/effectiveness/index.ts'
import { aLedger, type LedgerShape, meanUsd } from './ledgers.ts'

export interface Calibration {
  ledgers: number
  /** Shares of the intervals. */
  below: number
  above: number
  /** That have neither the true difference above nor below. */
  missed: number
  /** That exclude 0. */
  found: number
  /** That say the difference has the other sign. */
  wrong: number
}

/** How often the intervals of so many ledgers miss the true difference, and exclude 0. */
export async function calibrated(shape: LedgerShape, ledgers: number, factor = 1): Promise<Calibration> {
  const truth = (factor - 1) * meanUsd
  let [below, above, found, wrong] = [0, 0, 0, 0]
  for (let seed = 1; seed <= ledgers; seed++) {
    const [entry] = await effectiveness(aLedger(shape, seed, factor))
    const interval = entry?.cost_per_request_interval
    if (!interval) throw new Error(`ledger ${seed} has no interval`)
    const [low, high] = interval
    if (high < truth) below++
    if (low > truth) above++
    if (high < 0 || low > 0) found++
    if (truth < 0 ? low > 0 : truth > 0 && high < 0) wrong++
  }
  return {
    ledgers,
    below: below / ledgers,
    above: above / ledgers,
    missed: (below + above) / ledgers,
    found: found / ledgers,
    wrong: wrong / ledgers,
  }
}
