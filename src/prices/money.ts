/** For JSON: the double nearest to the sum. */
export function usdOf(nanoUsd: number): number {
  return nanoUsd / 1e9
}

const nanoPerTenThousandth = 100_000n

/** For people: `$12.40`, `$0.091`, `<$0.0001`. Cents from a dollar on, four places at most below it; half up. */
export function usdText(nanoUsd: number): string {
  if (nanoUsd < 0) return `-${usdText(-nanoUsd)}`
  const nano = BigInt(Math.round(nanoUsd))
  if (nano > 0n && nano < nanoPerTenThousandth) return '<$0.0001'
  const places = nano < 1_000_000_000n ? 4 : 2
  const unit = 10n ** BigInt(9 - places)
  const units = ((2n * nano + unit) / (2n * unit)).toString().padStart(places + 1, '0')
  const whole = units.slice(0, -places).replace(/\B(?=(\d{3})+$)/g, ',')
  const cents = units.slice(-places, units.length - places + 2)
  const rest = units.slice(units.length - places + 2).replace(/0+$/, '')
  return `$${whole}.${cents}${rest}`
}
