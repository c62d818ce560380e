import { endpointUrl } from './endpoint-url.ts'
import type { CheckedBackend } from './ports.ts'

/** The backends of each endpoint that has one which somebody configured or used. */
export function backendsByEndpoint(
  backends: readonly CheckedBackend[],
  used: ReadonlySet<string>,
): Map<string, CheckedBackend[]> {
  const groups = new Map<string, CheckedBackend[]>()
  const wanted = new Set<string>()
  for (const backend of backends) {
    const url = endpointUrl(backend.apiUrl)
    if (url === undefined) continue
    const members = groups.get(url)
    if (members) members.push(backend)
    else groups.set(url, [backend])
    if (backend.configured || used.has(backend.name)) wanted.add(url)
  }
  for (const url of groups.keys()) if (!wanted.has(url)) groups.delete(url)
  return groups
}
