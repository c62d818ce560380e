/** Why an invoice cannot be compared: as the file is (`file`), or as it was asked (`usage`, `nothing`). */
export class ReconcileFault extends Error {
  override readonly name = 'ReconcileFault'
  readonly code: 'file' | 'usage' | 'nothing'
  /** Lines to try, for a person. */
  readonly tries: readonly string[]

  constructor(code: ReconcileFault['code'], message: string, tries: readonly string[] = []) {
    super(message)
    this.code = code
    this.tries = tries
  }
}
