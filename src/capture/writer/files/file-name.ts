/** `2026-11-27T02-14-03.123Z-1a2b3c4d-000.cbor`: in a listing, files stand in the order of their time. */
export function captureFileName(startedMs: number, run: string, section: number): string {
  const time = new Date(startedMs).toISOString().replaceAll(':', '-')
  return `${time}-${run.slice(0, 8)}-${String(section).padStart(3, '0')}.cbor`
}
