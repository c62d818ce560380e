import { type Invoice, readInvoice } from '../../../../src/usage/reconcile/invoice/invoice.ts'

/** An invoice from text, given a few bytes at a time as a slow disk would. */
export function invoiceOf(
  text: string | Buffer,
  map: string | null = null,
  timeZone = 'UTC',
): Promise<Invoice> {
  return readInvoice(piecesOf(Buffer.from(text as string)), { map, timeZone })
}

export async function* piecesOf(bytes: Buffer, length = 7): AsyncGenerator<Buffer> {
  await Promise.resolve()
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length)
}
