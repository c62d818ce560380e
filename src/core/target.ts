import type { Backend } from './backend.ts'

/** A backend and a model on it: what a selector resolves to. `model` null: the client's body goes untouched. */
export interface Target {
  backend: Backend
  model: string | null
}

/** `backend:model`, as it stands in logs, records and errors. */
export function targetName(target: { backend: { name: string }; model: string | null }): string {
  return target.model === null ? target.backend.name : `${target.backend.name}:${target.model}`
}
