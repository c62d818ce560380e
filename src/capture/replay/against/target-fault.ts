export type TargetFaultCode =
  /** Nothing answers there. */
  | 'away'
  /** It wants an access key, or another one. */
  | 'access_key'

/** The target cannot be replayed against at all: nothing more is sent. */
export class TargetFault extends Error {
  override readonly name = 'TargetFault'
  readonly code: TargetFaultCode

  constructor(code: TargetFaultCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}
