import * as z from 'zod'
import { count, maybeText, text } from './words.ts'

export const alive = z.strictObject({ status: z.literal('ok') })
export const ready = z.strictObject({ status: z.literal('ready') })
export const notReady = z.strictObject({ status: z.literal('no usable backend') })

const captureModes = z.enum(['off', 'recent', 'all'])

export const captureState = z.strictObject({
  mode: captureModes,
  file: maybeText.describe('The open file'),
  bytes: count,
  dropped_records: count,
  last_error: maybeText,
})
export const captureSaved = z.strictObject({ file: text, exchanges: count })

/** A provider's own bodies pass as they are. */
export const anything = z.looseObject({})
