import { StringDecoder } from 'node:string_decoder'
import type { UsageRecord } from '../../record/record.ts'
import { ReconcileFault } from '../fault.ts'

/** The records of an export in JSON Lines, as it comes. */
export async function* readRecords(pieces: AsyncIterable<Uint8Array | string>): AsyncGenerator<UsageRecord> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  for await (const piece of pieces) {
    const lines = (rest + (typeof piece === 'string' ? piece : decoder.write(Buffer.from(piece)))).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line !== '') yield record(line)
  }
  // Every line of an export ends; one that does not was cut, by a proxy that went away.
  if (rest.trim() !== '') throw new ReconcileFault('file', 'the ledger’s export broke off; ask again')
}

function record(line: string): UsageRecord {
  try {
    return JSON.parse(line) as UsageRecord
  } catch (cause) {
    throw Object.assign(new ReconcileFault('file', 'the ledger’s export has a line that is no record'), {
      cause,
    })
  }
}
