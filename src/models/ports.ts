import type { Backend, KeyHeader } from '../core/backend.ts'

/** With whose credential a list is asked for; `proxy` also where none is needed. */
export type ListCredential =
  | { kind: 'proxy' }
  | {
      kind: 'client'
      /** What an answer says about the credential is kept for it only. */
      hash: string
      value: string
      /** Where the backend wants it. */
      header: KeyHeader
    }

/** Asks a provider for its models: one page, as large as it allows. Has its own time limit; may fail. */
export type FetchList = (backend: Backend, credential: ListCredential) => Promise<readonly string[]>
