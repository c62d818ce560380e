import type { Backend } from '../core/backend.ts'
import { matchesGlob } from '../core/glob.ts'

/** What a provider key of ours opens without being asked: calls that only compute (`spec/http-api.md`). */
const openPaths: readonly { method: string; path: string }[] = [
  { method: 'POST', path: 'completions' },
  { method: 'POST', path: 'embeddings' },
  { method: 'POST', path: 'moderations' },
  { method: 'POST', path: 'rerank' },
  { method: 'POST', path: 'images/*' },
  { method: 'POST', path: 'audio/*' },
  { method: 'GET', path: 'models' },
]

/** Whether a path may be asked for with a provider key of ours. `path` is raw, with its version prefix. */
export function mayPassUntouched(method: string, path: string, backend: Backend, admin: boolean): boolean {
  const rest = path.replace(/^\/(v1(beta)?\/)?/, '').replace(/\/$/, '')
  if (openPaths.some((open) => open.method === method && matchesGlob(open.path, rest))) return true
  return (
    admin &&
    backend.passthrough.some((pattern) => matchesGlob(pattern.replace(/^\/(v1(beta)?\/)?/, ''), rest))
  )
}
