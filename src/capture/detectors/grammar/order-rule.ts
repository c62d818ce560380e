import type { JsonObject } from '../../../core/json.ts'

/** Follows the events of one stream; what is wrong with this one, as a sentence without its full stop. */
export type OrderRule = (type: string, event: JsonObject) => string | null
