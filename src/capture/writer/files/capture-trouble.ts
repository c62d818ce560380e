import type { LossReason } from '../../format/records.ts'

/** Why nothing can be written just now, and what to do about it. */
export class CaptureTrouble extends Error {
  override readonly name = 'CaptureTrouble'
  readonly why: LossReason
  /** The open file cannot grow, but another one can. */
  readonly isOfFile: boolean

  constructor(why: LossReason, message: string, options: { cause?: unknown; isOfFile?: boolean } = {}) {
    super(message, options)
    this.why = why
    this.isOfFile = options.isOfFile ?? false
  }
}

const fullCodes: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT'])

export function asTrouble(error: unknown, folder: string): CaptureTrouble {
  if (error instanceof CaptureTrouble) return error
  const { code = 'unknown', message } = error as NodeJS.ErrnoException
  if (fullCodes.has(code)) {
    const text = `no room is left for captures in ${folder} (${code}): make room, or lower wire_capture.max_total_mb`
    return new CaptureTrouble('disk_full', text, { cause: error })
  }
  if (code === 'EFBIG') {
    const text = `the system lets no capture in ${folder} grow further (EFBIG): lower wire_capture.max_file_mb`
    return new CaptureTrouble('cap', text, { cause: error, isOfFile: true })
  }
  return new CaptureTrouble('disk_error', `captures cannot be written to ${folder}: ${message}`, {
    cause: error,
  })
}
