import { LRUCache } from 'lru-cache'
import type { Backend } from '../core/backend.ts'
import type { Clock } from '../core/clock.ts'
import type { FetchList, ListCredential } from './ports.ts'
import { listFile, readStoredList, type StoredList, writeStoredList } from './stored-list.ts'

/** Which models each backend has, from the configuration or the provider's last good answer. */
export interface ModelLists {
  /** Reads what earlier runs learned. A configured list needs no file. */
  load(backends: readonly Backend[]): Promise<void>
  /** Undefined: not known yet. Never asks anybody. */
  known(backend: Backend, credentialHash: string | null): readonly string[] | undefined
  listsModel(backend: Backend, model: string, credentialHash: string | null): boolean | undefined
  /** Asks the provider in the background when the list is unknown or old. Never throws, never waits. */
  refresh(backend: Backend, credential: ListCredential): void
  /** The known list, else the provider's answer; undefined when it gives none. For list routes only. */
  fetched(backend: Backend, credential: ListCredential): Promise<readonly string[] | undefined>
  /** Settles when nobody is being asked and everything is written. */
  idle(): Promise<void>
}

export interface ModelListsSettings {
  fetchList: FetchList
  /** Where lists are kept between runs; null keeps them in memory. */
  folder: string | null
  clock: Pick<Clock, 'nowMs'>
  /** Told of each failed question and each list that could not be written. */
  onFailure?: (backend: Backend, error: unknown) => void
  /** How many clients' lists are remembered. */
  maxClientLists?: number
}

const freshForMs = 3_600_000
/** A provider that did not answer is left alone for this long. */
const askAgainAfterMs = 300_000

export function createModelLists(settings: ModelListsSettings): ModelLists {
  const { fetchList, folder, clock, onFailure = () => undefined, maxClientLists = 1_000 } = settings
  const ours = new Map<string, StoredList>()
  const clients = new LRUCache<string, StoredList>({ max: maxClientLists })
  const asking = new Map<string, Promise<readonly string[] | undefined>>()
  const failedAtMs = new LRUCache<string, number>({ max: maxClientLists })
  const listSets = new WeakMap<readonly string[], ReadonlySet<string>>()

  function setOf(list: readonly string[]): ReadonlySet<string> {
    const found = listSets.get(list) ?? new Set(list)
    listSets.set(list, found)
    return found
  }

  /** What a client learned with its own credential is good for an hour; ours until a better answer. */
  function ofClient(backend: Backend, hash: string): StoredList | undefined {
    const list = clients.get(keyOf(backend, hash))
    return list && clock.nowMs() - list.fetchedAtMs < freshForMs ? list : undefined
  }

  function stored(backend: Backend, hash: string | null): StoredList | undefined {
    const own = hash === null ? undefined : ofClient(backend, hash)
    return own ?? (backend.credentials === 'client' ? undefined : ours.get(keyOf(backend, null)))
  }

  async function ask(backend: Backend, credential: ListCredential): Promise<readonly string[] | undefined> {
    const hash = hashOf(credential)
    const key = keyOf(backend, hash)
    try {
      const list = { models: await fetchList(backend, credential), fetchedAtMs: clock.nowMs() }
      failedAtMs.delete(key)
      if (hash !== null) clients.set(key, list)
      else await keep(backend, key, list)
      return list.models
    } catch (error) {
      failedAtMs.set(key, clock.nowMs())
      onFailure(backend, error)
      return undefined
    }
  }

  async function keep(backend: Backend, key: string, list: StoredList): Promise<void> {
    ours.set(key, list)
    if (folder === null) return
    try {
      await writeStoredList(listFile(folder, backend.name), backend.apiUrl, list)
    } catch (error) {
      onFailure(backend, error)
    }
  }

  /** One question at a time for each list. */
  function askOnce(backend: Backend, credential: ListCredential): Promise<readonly string[] | undefined> {
    const key = keyOf(backend, hashOf(credential))
    const running = asking.get(key)
    if (running !== undefined) return running
    const question = ask(backend, credential).finally(() => asking.delete(key))
    asking.set(key, question)
    return question
  }

  function isDue(backend: Backend, credential: ListCredential): boolean {
    if (backend.models.length > 0) return false
    const hash = hashOf(credential)
    const list = hash === null ? ours.get(keyOf(backend, null)) : ofClient(backend, hash)
    if (list && clock.nowMs() - list.fetchedAtMs < freshForMs) return false
    const failed = failedAtMs.get(keyOf(backend, hash))
    return failed === undefined || clock.nowMs() - failed >= askAgainAfterMs
  }

  function known(backend: Backend, credentialHash: string | null): readonly string[] | undefined {
    return backend.models.length > 0 ? backend.models : stored(backend, credentialHash)?.models
  }

  return {
    known,
    async load(backends) {
      if (folder === null) return
      const missing = backends.filter(
        (backend) => backend.models.length === 0 && !ours.has(keyOf(backend, null)),
      )
      await Promise.all(
        missing.map(async (backend) => {
          const list = await readStoredList(listFile(folder, backend.name), backend.apiUrl)
          if (list) ours.set(keyOf(backend, null), list)
        }),
      )
    },
    listsModel(backend, model, credentialHash) {
      const list = known(backend, credentialHash)
      return list && setOf(list).has(model)
    },
    refresh(backend, credential) {
      if (isDue(backend, credential)) void askOnce(backend, credential)
    },
    async fetched(backend, credential) {
      const list = known(backend, hashOf(credential))
      if (!isDue(backend, credential)) return list
      const answer = askOnce(backend, credential)
      return list ?? (await answer)
    },
    async idle() {
      await Promise.all(asking.values())
    },
  }
}

function hashOf(credential: ListCredential): string | null {
  return credential.kind === 'client' ? credential.hash : null
}

/** A reload that moves a backend to another URL makes its list unknown. */
function keyOf(backend: Backend, credentialHash: string | null): string {
  return JSON.stringify([backend.name, backend.apiUrl, credentialHash])
}
