/** Three digits that matter are all that is drawn; more would be most of what is sent. */
export function threeDigits(value: number): number
export function threeDigits(value: number | null): number | null
export function threeDigits(value: number | null): number | null {
  if (value === null || value === 0) return value
  return Math.abs(value) >= 1_000 ? Math.round(value) : Number(value.toPrecision(3))
}

/** To a ten-thousandth. */
export function share(part: number, whole: number): number | null {
  return whole > 0 ? Math.round((part / whole) * 1e4) / 1e4 : null
}
