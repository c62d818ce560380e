export type CaptureErrorCode =
  | 'not_found'
  | 'unreadable'
  | 'not_a_capture'
  | 'newer_format'
  | 'exists'
  | 'unwritable'
  | 'record_too_large'
  | 'unsupported'

/**
 * A capture cannot be read or written as asked; says what to do. Damage inside a file is never one: it is
 * reported.
 */
export class CaptureError extends Error {
  override readonly name = 'CaptureError'
  readonly code: CaptureErrorCode

  constructor(code: CaptureErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}
