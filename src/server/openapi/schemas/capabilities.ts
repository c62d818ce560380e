import * as z from 'zod'
import { type LossName, losses } from '../../../core/losses.ts'
import type { PairCapabilities } from '../../../protocols/translation/capabilities.ts'
import { maybeText, named, protocol, text, yes } from './words.ts'

const restriction = named(
  'Restriction',
  z.strictObject({
    name: z.enum(Object.keys(losses) as [LossName, ...LossName[]]),
    parameter: maybeText.describe('What the client’s requests call it; null for parts of answers'),
    reason: text,
  }),
)

const pair = z.strictObject({
  protocol,
  backend_protocol: protocol,
  translated: yes,
  dropped: z.array(restriction).describe('Left out and named, or refused under untranslatable: reject'),
  adapted: z.array(restriction).describe('Said in another way'),
  refused: z.array(restriction).describe('Always refused, with 400'),
} satisfies Record<keyof PairCapabilities, z.ZodType>)

export const capabilities = named(
  'Capabilities',
  z.strictObject({
    backends: z.array(
      z.strictObject({
        name: text,
        backend_type: text,
        protocols: z.array(protocol),
        untranslatable: text,
        clients: z.array(named('PairCapabilities', pair)),
      }),
    ),
  }),
)
