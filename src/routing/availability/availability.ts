import { LRUCache } from 'lru-cache'
import type { Backend } from '../../core/backend.ts'
import type { Clock } from '../../core/clock.ts'
import type { Target } from '../../core/target.ts'
import type { Usability } from '../ports.ts'
import type { AttemptEnd } from './attempt-end.ts'
import type { BackendState } from './backend-state.ts'
import { Circuit, type CircuitSettings, type Pass } from './circuit.ts'
import { CircuitHistory } from './circuit-history.ts'
import { CredentialStanding } from './credential-standing.ts'
import { ExcludedModels } from './excluded-models.ts'
import { Places } from './places.ts'
import { SteadyTime } from './steady-time.ts'
import { cooldownWords, modelWords, openWords, refusedWords } from './words.ts'

/** The proxy's own credential, or none; others are known by their hash. */
export const ours = ''

export interface AvailabilitySettings extends CircuitSettings {
  /** False: nothing is left out but what is full. */
  excludes: boolean
  /** False: no circuit leaves anything out. */
  breaks: boolean
  /** Tells the circuits what the endpoints' checks say. */
  notified: boolean
}

/** An attempt that has begun. Everything is told of it in order: its content, then its end, once. */
export interface Begun {
  content(): void
  ended(end: AttemptEnd): void
}

type Unusable = Extract<Usability, { usable: false }>

interface Watched {
  backend: Backend
  circuit: Circuit
  history: CircuitHistory
}

export interface AvailabilityParts {
  clock: Clock
  /** A backend's state may have changed. */
  onChange: (backend: string) => void
}

const mostStandings = 50_000

/** Which targets can serve an exchange now, from what attempts at them met (`spec/health-and-routing.md`). */
export class Availability {
  readonly places = new Places()
  readonly #parts: AvailabilityParts
  readonly #time: SteadyTime
  readonly #watched = new Map<string, Watched>()
  /** By backend and credential. Ours are never dropped: there are as many as backends. */
  readonly #own = new Map<string, CredentialStanding>()
  readonly #clients = new LRUCache<string, CredentialStanding>({ max: mostStandings })
  readonly #models = new ExcludedModels()
  #settings: AvailabilitySettings

  constructor(settings: AvailabilitySettings, parts: AvailabilityParts) {
    this.#settings = settings
    this.#parts = parts
    this.#time = new SteadyTime(parts.clock)
  }

  /** The start and each reload: a backend that stays as it is keeps its state. */
  configure(settings: AvailabilitySettings, backends: readonly Backend[]): void {
    this.#settings = settings
    const names = new Set(backends.map(({ name }) => name))
    for (const name of this.#watched.keys()) if (!names.has(name)) this.#forget(name)
    for (const backend of backends) {
      const known = this.#watched.get(backend.name)
      if (known && isSameBackend(known.backend, backend)) {
        known.backend = backend
        known.circuit.configure(settings)
        continue
      }
      if (known) this.#forget(backend.name)
      const history = new CircuitHistory()
      this.#watched.set(backend.name, { backend, circuit: new Circuit(settings), history })
    }
    this.places.configure(new Map(backends.map(({ name, maxConcurrent }) => [name, maxConcurrent])))
  }

  /**
   * Whether an attempt may begin. What no fallback may pass over comes first. `held`: the backend at which the exchange
   * has a place already.
   */
  usabilityOf({ backend, model }: Target, credential: string, held: string | null): Usability {
    const isFull = held !== backend.name && !this.places.isFree(backend.name)
    const excluded = this.#settings.excludes ? this.#exclusionOf({ backend, model }, credential) : null
    // A full one is worth the wait, but not when it is doubted: the fallback then looks for another first.
    if (excluded) return this.#shown(excluded)
    return isFull ? fullAt({ backend, model }) : { usable: true }
  }

  /** Null: nothing that it met speaks against it. */
  #exclusionOf({ backend, model }: Target, credential: string): Unusable | null {
    const watched = this.#watching(backend)
    if (!watched) return null
    const nowMs = this.#time.nowMs()
    const standing = this.#standing(backend.name, credential)
    if (!standing.isUsable(nowMs)) {
      const view = standing.viewAt(nowMs)
      const about = { usable: false as const, retryAtMs: view.retryAtMs ?? nowMs }
      if (view.state === 'cooldown')
        return { ...about, reason: 'cooldown', message: cooldownWords(view, nowMs) }
      return { ...about, reason: 'misconfigured', message: refusedWords(view) }
    }
    const excluded = model === null ? null : this.#models.find(backend.name, credential, model, nowMs)
    if (excluded) {
      const message = modelWords(excluded.reason, excluded.untilMs - nowMs)
      return { usable: false, reason: 'excluded_model', message, retryAtMs: excluded.untilMs }
    }
    return this.#openAt(watched.circuit, nowMs)
  }

  /** An attempt begins, in the same turn in which its target was found usable. */
  begin({ backend, model }: Target, credential: string): Begun {
    const watched = this.#watching(backend)
    if (!watched) return unwatched
    const { circuit } = watched
    const pass = circuit.begin(this.#time.nowMs())
    if (pass.isTrial) watched.history.note(circuit, this.#time)
    const standing = this.#standing(backend.name, credential)
    const { isRefused } = standing
    standing.begin(this.#time.nowMs())
    let isOver = false
    return {
      content: () => {
        circuit.content(pass)
        this.#changed(backend.name, watched)
      },
      ended: (end) => {
        if (isOver) return
        isOver = true
        tell(circuit, pass, end, this.#time.nowMs())
        this.#note({ backend, model }, credential, standing, end, isRefused)
        this.#changed(backend.name, watched)
      },
    }
  }

  /** An endpoint's checks have changed their mind about these backends. What was told once can be taken back always. */
  endpointChanged(backends: readonly string[], isHealthy: boolean, reason: string): void {
    if (!this.#settings.notified && !isHealthy) return
    for (const name of backends) {
      const watched = this.#watched.get(name)
      if (isHealthy) watched?.circuit.endpointRecovered(this.#time.nowMs())
      else watched?.circuit.endpointFailed(reason, this.#time.nowMs())
      this.#changed(name, watched)
    }
  }

  /** By hand: closes its circuit and forgets what it said to any credential. False: there is no such backend. */
  reset(name: string): boolean {
    const watched = this.#watched.get(name)
    if (!watched) return false
    watched.circuit.reset()
    this.#forgetStandings(name)
    this.#changed(name, watched)
    return true
  }

  /** Its state is `ok` or `full`, which of all states is the only one that is asked for with each exchange. */
  works(name: string): boolean {
    const watched = this.#watched.get(name)
    if (!watched) return false
    const { excludes, breaks } = this.#settings
    const isStanding = !excludes || this.#standing(name, ours).isOk(this.#time.nowMs())
    return isStanding && (!breaks || watched.circuit.isClosed)
  }

  /** Null: there is no such backend. */
  stateOf(name: string): BackendState | null {
    const watched = this.#watched.get(name)
    if (!watched) return null
    const nowMs = this.#time.nowMs()
    const { view } = watched.circuit
    const standing = this.#standing(name, ours).viewAt(nowMs)
    const about = {
      consecutiveFailures: view.consecutiveFailures,
      openedAtMs: this.#shownMs(view.openedAtMs),
      circuitHistory: watched.history.turns(this.#time),
      inFlight: this.places.taken(name),
      queued: this.places.waiting(name),
    }
    if (this.#settings.excludes && standing.state !== 'ok') {
      const words = standing.state === 'cooldown' ? cooldownWords(standing, nowMs) : refusedWords(standing)
      return { ...about, state: standing.state, reason: words, retryAtMs: this.#shownMs(standing.retryAtMs) }
    }
    if (this.#settings.breaks && view.state !== 'closed') {
      const opened = view.openReason === 'endpoint_unhealthy' ? 'excluded' : 'open'
      const state = view.state === 'half_open' ? 'half_open' : opened
      return { ...about, state, reason: openWords(view, nowMs), retryAtMs: this.#shownMs(view.retryAtMs) }
    }
    const isFull = !this.places.isFree(name)
    const reason = isFull ? `all of its ${watched.backend.maxConcurrent} places are taken` : view.reason
    return { ...about, state: isFull ? 'full' : 'ok', reason, retryAtMs: null }
  }

  #changed(name: string, watched: Watched | undefined): void {
    watched?.history.note(watched.circuit, this.#time)
    this.#parts.onChange(name)
  }

  #openAt(circuit: Circuit, nowMs: number): Unusable | null {
    if (!this.#settings.breaks || circuit.isUsable(nowMs)) return null
    const { openReason, retryAtMs } = circuit.view
    return {
      usable: false,
      reason: openReason === 'endpoint_unhealthy' ? 'endpoint_unhealthy' : 'open',
      message: openWords(circuit.view, nowMs),
      ...(retryAtMs === null ? {} : { retryAtMs }),
    }
  }

  /** `wasRefused`: the key was, as the attempt began. */
  #note(
    { backend, model }: Target,
    credential: string,
    standing: CredentialStanding,
    end: AttemptEnd,
    wasRefused: boolean,
  ): void {
    const nowMs = this.#time.nowMs()
    if (end.kind === 'works') {
      // What began before the key was refused says nothing of it.
      if (wasRefused || !standing.isRefused) standing.accepted()
      if (model !== null) this.#models.accept(backend.name, credential, model)
    } else if (end.kind === 'limited') standing.limited(end.reason, end.retryAfterMs, nowMs)
    else if (end.kind === 'key_refused') {
      // A client must see each refusal of its own: that is how it learns to log in anew.
      if (credential === ours) standing.refused(end.reason, end.certain, nowMs)
    } else if (end.kind === 'model_refused' && model !== null) {
      this.#models.exclude(backend.name, credential, model, end.reason, nowMs)
    }
  }

  /** Undefined for one whose name a reload gave to another: what still goes to it says nothing of that. */
  #watching(backend: Backend): Watched | undefined {
    const watched = this.#watched.get(backend.name)
    return watched && isSameBackend(watched.backend, backend) ? watched : undefined
  }

  #shown(unusable: Unusable): Unusable {
    const { retryAtMs } = unusable
    return retryAtMs === undefined
      ? unusable
      : { ...unusable, retryAtMs: this.#time.onSystemsClock(retryAtMs) }
  }

  #shownMs(ms: number | null): number | null {
    return ms === null ? null : this.#time.onSystemsClock(ms)
  }

  #standing(backend: string, credential: string): CredentialStanding {
    const known =
      credential === ours ? this.#own.get(backend) : this.#clients.get(`${backend}\n${credential}`)
    if (known) return known
    const standing = new CredentialStanding()
    if (credential === ours) this.#own.set(backend, standing)
    else this.#clients.set(`${backend}\n${credential}`, standing)
    return standing
  }

  #forget(name: string): void {
    this.#watched.delete(name)
    this.#forgetStandings(name)
  }

  #forgetStandings(name: string): void {
    this.#own.delete(name)
    this.#models.reset(name)
    for (const key of this.#clients.keys()) if (key.startsWith(`${name}\n`)) this.#clients.delete(key)
  }
}

const unwatched: Begun = { content: () => {}, ended: () => {} }

export function fullAt({ backend }: Target): Unusable {
  const message = `all of its ${backend.maxConcurrent} places are taken (max_concurrent)`
  return { usable: false, reason: 'full', message }
}

/** What was learned of one address or key says nothing of another. */
export function isSameBackend(a: Backend, b: Backend): boolean {
  return a.apiUrl === b.apiUrl && a.apiKey === b.apiKey && a.type === b.type
}

function tell(circuit: Circuit, pass: Pass, end: AttemptEnd, nowMs: number): void {
  if (end.kind === 'fails') circuit.failed(pass, end.reason, nowMs)
  else if (end.kind === 'neutral' || end.kind === 'limited') circuit.ended(pass)
  else circuit.succeeded(pass)
}
