import type { Backend } from '../core/backend.ts'

/** Which credential a backend will be asked with, in words; never its value. */
export function credentialWords(backend: Backend): string {
  const ours = backend.apiKey === null ? 'no provider key' : "the proxy's provider key"
  switch (backend.credentials) {
    case 'none':
      return 'needs none'
    case 'proxy':
      return ours
    case 'client':
      return "the client's own login"
    case 'client_first':
      return `the client's own login, else ${ours}`
  }
}
