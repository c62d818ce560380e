import type { ConfigPath } from './paths.ts'

const secretKeys: ReadonlySet<string | number> = new Set(['api_key', 'key', 'key_sha256'])

/** Whether the value at a path may never be shown: provider keys, access keys and their hashes, header values. */
export function isSecretPath(path: ConfigPath): boolean {
  const last = path.at(-1)
  if (path[0] === 'auth' && path[1] === 'api_keys') {
    return path.length === 3 || (last !== undefined && secretKeys.has(last))
  }
  return path[0] === 'backends' && (last === 'api_key' || path[2] === 'headers')
}
