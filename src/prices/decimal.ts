/**
 * `value` × 10^`digits` as a whole number, half up, exact in the decimal digits that JavaScript prints for it:
 * 0.1 is a tenth, not the double beside it. For finite values of 0 and more.
 */
export function scaled(value: number, digits: number): bigint {
  const [mantissa = '0', exponent = '0'] = value.toString().split('e')
  const [whole = '0', fraction = ''] = mantissa.split('.')
  const shift = digits + Number(exponent) - fraction.length
  const numerator = BigInt(whole + fraction)
  return shift >= 0 ? numerator * 10n ** BigInt(shift) : dividedHalfUp(numerator, 10n ** BigInt(-shift))
}

export function dividedHalfUp(numerator: bigint, denominator: bigint): bigint {
  return (2n * numerator + denominator) / (2n * denominator)
}
