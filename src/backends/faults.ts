/** One thing wrong with the backends of a configuration. `path` is the key's: `backends.openai.type`. */
export interface BackendFault {
  path: string
  message: string
  nearest?: string
}

/** Stops the start: the backends cannot be made. Has every fault found, not only the first. */
export class BackendFaults extends Error {
  override readonly name = 'BackendFaults'
  readonly faults: readonly BackendFault[]

  constructor(faults: readonly BackendFault[]) {
    super(faults.map((fault) => `${fault.path}: ${fault.message}`).join('\n'))
    this.faults = faults
  }
}
