/** A proxy that listens, as the command that started it holds it. */
export interface RunningProxy {
  /** `http://127.0.0.1:8000`, without a trailing slash. */
  url: string
  host: string
  port: number
  /** `credential` says in words which one a backend will use, never its value. */
  backends: readonly { name: string; credential: string }[]
  /** How many access keys open it; 0: anybody who reaches it. */
  accessKeys: number
  /** Where usage records go; null while there is no ledger. */
  ledgerPath: string | null
  /** Stops accepting, waits for running answers up to `graceMs` (default: the configured one), then cuts them. */
  close(graceMs?: number): Promise<void>
  /** Reads the configuration again. A faulty one is logged and the running one stays. */
  reload(): Promise<void>
  /** Logs what nobody caught, redacted like every line; the proxy goes on. */
  reportFault(fault: unknown): void
}

/** The start was refused by a rule, not by a failure: the message says what to do. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused'
  readonly exitCode: number

  constructor(message: string, exitCode = 2) {
    super(message)
    this.exitCode = exitCode
  }
}
