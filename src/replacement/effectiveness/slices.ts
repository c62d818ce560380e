const sliceMs = 4

/** Tells when work that shares its thread has gone on for long enough. What it works out must not depend on that. */
export class Slices {
  #endMs = performance.now() + sliceMs

  /** True: let others work now; the next slice begins. */
  isOver(): boolean {
    const nowMs = performance.now()
    if (nowMs < this.#endMs) return false
    this.#endMs = nowMs + sliceMs
    return true
  }
}
