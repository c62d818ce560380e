import type { Backend } from '../core/backend.ts'
import type { HeaderPairs } from '../core/http.ts'

/** With whose credential a list is asked for; `proxy` also where none is needed. */
export type ListCredential =
  | { kind: 'proxy' }
  | {
      kind: 'client'
      /** Of the credential: what an answer says about it is kept for it only. */
      hash: string
      /** The client's request headers, from which the credential is taken. */
      headers: HeaderPairs
    }

/** Asks a provider for its models: one page, as large as it allows. Has its own time limit; may fail. */
export type FetchList = (backend: Backend, credential: ListCredential) => Promise<readonly string[]>
