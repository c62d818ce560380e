import type { Call } from '../../core/call.ts'
import type { Clock } from '../../core/clock.ts'
import type { PriceOf } from '../../core/cost.ts'
import type { Monitor } from '../../core/monitor.ts'

/** A backend as a recording knows it: one that the configuration does not have is made of this. */
export interface RecordedBackend {
  name: string
  type: string
  /** Of its requests, without the protocol's own path. */
  apiUrl: string
  protocols: readonly string[]
  /** The proxy had a provider key for it: what a provider says of one of these is told otherwise than of a client's. */
  hasKey: boolean
}

/** A backend's name and the model that is asked for there; null: the client's body goes as it is. */
export interface ReplayTarget {
  backend: string
  model: string | null
}

export interface ReplayProxySettings {
  /** Recorded ones: they need no credential, and the configuration need not have them. Null: the configuration's own, with their credentials. */
  backends: readonly RecordedBackend[] | null
  /** What the exchange that is opened now tries, in this order, whatever its model is called. */
  targets: () => readonly ReplayTarget[]
  /** So many attempts it makes at most, waiting between them as long as it must; null: as configured. */
  attempts: (() => number) | null
  monitor: Monitor
  clock?: Clock
  /** Where to really connect for an origin. Throws a `ProxyError` where the next request is to reach nobody. */
  dial?: (origin: string) => string
}

export interface ReplayProxy {
  /** `http://127.0.0.1:PORT` */
  url: string
  close(): Promise<void>
}

/** A proxy in this process, on a port of its own, that records nothing, checks no endpoint and asks for no access key. */
export type StartReplayProxy = (settings: ReplayProxySettings) => Promise<ReplayProxy>

/** What a replay to a real provider must know of models. */
export interface ModelCosts {
  /** About so many tokens a provider would count of its prompt. */
  countPrompt: (call: Call) => number
  priceOf: PriceOf
}
