import { isObject, type Json, type JsonObject } from '../../../core/json.ts'
import { sealMark } from '../../../protocols/translation/reasoning-state.ts'

/** Fields that only mark the part that they stand in; every other holder of a state is nothing without it. */
const attributes = new Set(['thoughtSignature', 'thought_signature'])

/**
 * Takes out of a request the reasoning state that this proxy had sealed into it while another provider answered:
 * to the client's own provider it would be a forged signature. Only the parts that hold a seal are taken out, and
 * turns of which nothing else is left.
 */
export function withoutSeals(value: Json): Json {
  if (Array.isArray(value)) return value.flatMap(cleanedElement)
  return isObject(value) ? cleanedObject(value) : value
}

function cleanedElement(element: Json): Json[] {
  if (!isObject(element)) return [withoutSeals(element)]
  const isState = Object.entries(element).some(([key, value]) => !attributes.has(key) && isSeal(value))
  if (isState) return []
  const object = cleanedObject(element)
  return isEmptied(element, object) ? [] : [object]
}

function cleanedObject(object: JsonObject): JsonObject {
  const kept = Object.entries(object).filter(([key, value]) => !(attributes.has(key) && isSeal(value)))
  return Object.fromEntries(
    kept.map(([key, value]) => [key, value === undefined ? value : withoutSeals(value)]),
  )
}

/** A turn or part of which nothing is left but its kind. */
function isEmptied(before: JsonObject, after: JsonObject): boolean {
  for (const key of ['content', 'parts']) {
    const list = before[key]
    const left = after[key]
    if (Array.isArray(list) && list.length > 0 && Array.isArray(left) && left.length === 0) return true
  }
  const lost = Object.keys(before).length > Object.keys(after).length
  return lost && Object.keys(after).every((key) => key === 'thought' || (key === 'text' && after[key] === ''))
}

function isSeal(value: Json | undefined): boolean {
  return typeof value === 'string' && value.startsWith(sealMark)
}
