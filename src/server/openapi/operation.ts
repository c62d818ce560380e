import type { z } from 'zod'
import type { ErrorCode } from '../../core/errors.ts'

export interface DocumentedAnswer {
  description: string
  /** None: there is no body, or it is no JSON. */
  schema?: z.ZodType
  /** Another type than JSON. */
  contentType?: string
  example?: unknown
  /** Types that it may have as well, each with an example. */
  alsoAs?: Readonly<Record<string, string>>
}

/** One method of one path, as `GET /openapi.json` tells of it. */
export interface Operation {
  method: 'get' | 'head' | 'post' | 'delete'
  /** With its parameters in braces. */
  path: string
  /** Stable: names of functions are made of it. */
  id: string
  tag: 'state' | 'health' | 'live' | 'usage' | 'replacement' | 'capture' | 'metrics' | 'models' | 'frontends'
  summary: string
  /** What each part in braces is. */
  pathParameters?: Readonly<Record<string, string>>
  query?: z.ZodObject
  body?: { schema: z.ZodType; example: unknown }
  /** By status; `default` is every other. */
  answers: Readonly<Record<number, DocumentedAnswer>> & { readonly default?: DocumentedAnswer }
  /** Codes of the catalogue, of which each is an answer with its status. */
  errors: readonly ErrorCode[]
  /** It needs no access key. */
  isOpen?: true
}

/** What the guard refuses, on every route. */
export const doorErrors = [
  'bad_host',
  'bad_path',
  'host_refused',
  'origin_refused',
  'tunnel_refused',
  'loop',
] as const satisfies readonly ErrorCode[]

/** Who comes without a right key gets one of these on every route that is not open. */
export const keyErrors = [
  'access_key_missing',
  'access_key_wrong',
  'too_many_wrong_keys',
] as const satisfies readonly ErrorCode[]

/** Only an access key with role admin gets beyond `/internal` and `/metrics`. */
export const adminErrors = ['role_refused'] as const satisfies readonly ErrorCode[]
