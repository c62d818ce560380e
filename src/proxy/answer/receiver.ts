import type { ProxyError } from '../../core/errors.ts'
import type { HeaderPairs } from '../../core/http.ts'

/** Takes a backend's answer body, byte for byte as the backend meant it, and settles the attempt. */
export interface Receiver {
  data(bytes: Buffer): void
  /** The body is complete by its framing. */
  ended(): void
  /** It broke off, or a timeout ended it. */
  failed(error: ProxyError): void
  /** The client has gone; the backend is still read for at most the time that it is set to. */
  clientGone(): void
}

/** Stops and restarts the backend's bytes. */
export interface Flow {
  pause(): void
  resume(): void
}

/** What a backend said besides the body. */
export interface AnswerHead {
  status: number
  headers: HeaderPairs
}

/** A provider's answer that did not become the client's, kept in case it is the last word. */
export interface RefusedAnswer extends AnswerHead {
  /** As received, content-encoding included. */
  body: Buffer
}

/** Why an attempt is not the answer, and what may follow. Nothing of it has reached the client. */
export interface Failure {
  error: ProxyError
  /** Another target may answer instead. */
  mayFailOver: boolean
  /** The provider said that it did nothing, so that the same target may be asked again. */
  notProcessed: boolean
  /** A timeout after the request was sent: both tries may be billed. */
  timedOut: boolean
  answer: RefusedAnswer | null
  /** False: the request could not even be said to this target. */
  asked: boolean
}

export type AttemptResult = { kind: 'answered' } | { kind: 'failed'; failure: Failure }

/** What a receiver may do to the attempt that feeds it. */
export interface AttemptControl {
  flow: Flow
  settle: (result: AttemptResult) => void
  onFirstContent: () => void
  onPaused: (paused: boolean) => void
}
