import { acceptedEncodings } from '../body/content-encoding.ts'
import { acceptsEncoding } from './accept-encoding.ts'

/** Of the encodings that we can decode those that the client takes, so that whole bodies can pass as they are. */
export function encodingsToAsk(clientAcceptEncoding: string | undefined): string {
  if (clientAcceptEncoding === undefined) return 'identity'
  const both = acceptedEncodings.filter((encoding) => acceptsEncoding(clientAcceptEncoding, encoding))
  return both.length > 0 ? both.join(', ') : 'identity'
}
