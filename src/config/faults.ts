import { printable } from '../core/printable.ts'
import { createSecrets } from '../core/secrets/secrets.ts'

/** One thing wrong with the configuration. */
export interface ConfigFault {
  /** The file as the user would name it; null for variables, flags and what concerns no file. */
  file: string | null
  /** From 1; null where there is no file. */
  line: number | null
  column: number | null
  /** The variable, or `a flag`, that the value came from. */
  source: string | null
  /** The key's path; empty for the file as a whole. */
  path: string
  /** What is wrong and what is allowed; holds no secret. */
  message: string
  /** The known key that was probably meant. */
  nearest?: string
}

/** `config.yaml:3:5: port: got "x"; allowed: …` */
export function formatFault(fault: ConfigFault): string {
  const place = [fault.file, fault.line, fault.column].filter((part) => part !== null).join(':')
  return printable([place, fault.source, fault.path, fault.message].filter(Boolean).join(': '))
}

/** Thrown by `loadConfig`. Its message has one line per fault, and at the end what would help against all. */
export class ConfigFaults extends Error {
  override readonly name = 'ConfigFaults'
  readonly faults: readonly ConfigFault[]
  /** A command that accepts what was refused, or null. */
  readonly next: string | null

  constructor(faults: readonly ConfigFault[], next: string | null = null) {
    // A key that landed in the wrong place would else be quoted.
    const { redactText } = createSecrets()
    const clean = faults.map((fault) => ({
      ...fault,
      path: redactText(fault.path),
      message: redactText(fault.message),
    }))
    super([...clean.map(formatFault), ...(next === null ? [] : [next])].join('\n'))
    this.faults = clean
    this.next = next
  }
}
