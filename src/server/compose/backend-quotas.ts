import type { Quota } from '../../backends/quota.ts'

/** What each backend's last answer said of its limits. */
export class BackendQuotas {
  readonly #byBackend = new Map<string, readonly Quota[]>()

  /** An answer that says nothing leaves what an earlier one said. */
  note(backend: string, quota: readonly Quota[]): void {
    if (quota.length > 0) this.#byBackend.set(backend, quota)
  }

  /** Its name is another's now. */
  forget(backend: string): void {
    this.#byBackend.delete(backend)
  }

  of(backend: string): readonly Quota[] {
    return this.#byBackend.get(backend) ?? []
  }
}
