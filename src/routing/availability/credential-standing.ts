/** How a provider treats one credential at one backend: what it said of limits and of the key itself. Pure. */
export interface StandingView {
  state: 'ok' | 'cooldown' | 'misconfigured'
  reason: string | null
  /** When it may be tried again. */
  retryAtMs: number | null
}

const firstCooldownMs = 5_000
const longestUnaskedMs = 60_000
/** Whatever a header says (`spec/health-and-routing.md`, Circuit breaker). */
const longestCooldownMs = 600_000
/** Of a key that the provider refuses. */
const trialEveryMs = 300_000
/** A single 401 may be a provider's hiccup. */
const refusalsUntilBelieved = 2

export class CredentialStanding {
  #cooldownUntilMs = 0
  #cooldownReason: string | null = null
  /** Of the next cooldown for which the provider names no time. */
  #unaskedMs = firstCooldownMs
  #refusals = 0
  #refused: string | null = null
  #nextTrialMs = 0

  isUsable(nowMs: number): boolean {
    return nowMs >= this.#cooldownUntilMs && (this.#refused === null || nowMs >= this.#nextTrialMs)
  }

  /** Whether it is believed that the provider refuses the key. */
  get isRefused(): boolean {
    return this.#refused !== null
  }

  /** An attempt begins: of a refused key the only one for some minutes. */
  begin(nowMs: number): void {
    if (this.#refused !== null) this.#nextTrialMs = nowMs + trialEveryMs
  }

  /** 429, or 503 with a time: nothing is sent until then. Answers that were on their way together make it no shorter. */
  limited(reason: string, retryAfterMs: number | null, nowMs: number): void {
    if (retryAfterMs !== null) return this.#coolDown(reason, Math.min(retryAfterMs, longestCooldownMs), nowMs)
    if (nowMs < this.#cooldownUntilMs) return
    this.#coolDown(reason, this.#unaskedMs, nowMs)
    this.#unaskedMs = Math.min(this.#unaskedMs * 2, longestUnaskedMs)
  }

  /** 401, or (`certain`) an answer that names the key. */
  refused(reason: string, certain: boolean, nowMs: number): void {
    this.#refusals++
    if (this.#refused === null && !certain && this.#refusals < refusalsUntilBelieved) return
    this.#refused = reason
    this.#nextTrialMs = nowMs + trialEveryMs
  }

  accepted(): void {
    this.#refusals = 0
    this.#refused = null
    this.#unaskedMs = firstCooldownMs
  }

  /** Its view would be `ok`. */
  isOk(nowMs: number): boolean {
    return nowMs >= this.#cooldownUntilMs && this.#refused === null
  }

  /** A cooldown is said first: it is what keeps the next attempt away, whatever else is known. */
  viewAt(nowMs: number): StandingView {
    if (nowMs < this.#cooldownUntilMs) {
      return { state: 'cooldown', reason: this.#cooldownReason, retryAtMs: this.#cooldownUntilMs }
    }
    if (this.#refused !== null) {
      return { state: 'misconfigured', reason: this.#refused, retryAtMs: this.#nextTrialMs }
    }
    return { state: 'ok', reason: null, retryAtMs: null }
  }

  #coolDown(reason: string, waitMs: number, nowMs: number): void {
    if (nowMs + waitMs <= this.#cooldownUntilMs) return
    this.#cooldownUntilMs = nowMs + waitMs
    this.#cooldownReason = reason
  }
}
