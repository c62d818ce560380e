import { ProxyError } from '../../core/errors.ts'

/**
 * Gemini's path for a model: `/v1beta/models/MODEL:METHOD`. Slashes stay, for a
 * model can be a resource path (`publishers/google/models/x`); everything else is percent-encoded.
 */
export function geminiPath(model: string, method: string): string {
  const segments = model.replace(/^models\//, '').split('/')
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..')) {
    throw new ProxyError(
      'bad_path',
      'the model name has empty, "." or ".." parts; write it as the provider lists it',
    )
  }
  return `/v1beta/models/${segments.map(encodeURIComponent).join('/')}:${method}`
}
