import type { LiveIssue } from '../core/live-snapshot.ts'
import { printable } from '../core/printable.ts'
import { shortName } from './names.ts'
import type { FoundIssue } from './ports.ts'

const kept = 100
const longestDescription = 300

/** The last issues of passing traffic. */
export class LiveIssues {
  readonly #redactText: (text: string) => string
  /** By exchange and code, the newest last. */
  readonly #found = new Map<string, LiveIssue>()

  constructor(redactText: (text: string) => string) {
    this.#redactText = redactText
  }

  /** True where it is new; else it became worse. */
  add(issue: FoundIssue): boolean {
    const key = `${issue.exchange} ${issue.code}`
    const isNew = !this.#found.has(key)
    this.#found.set(key, {
      ...{ code: issue.code, severity: issue.severity, fault: issue.fault },
      ...{ exchange_id: issue.exchange, session_id: shortName(issue.session) },
      at: issue.atNs === null ? null : new Date(issue.atNs / 1e6).toISOString(),
      description: printable(this.#redactText(issue.description), longestDescription),
    })
    if (this.#found.size > kept) this.#found.delete(this.#found.keys().next().value as string)
    return isNew
  }

  get count(): number {
    return this.#found.size
  }

  /** The newest first. */
  list(limit: number): LiveIssue[] {
    return [...this.#found.values()].slice(-limit).reverse()
  }
}
