import { isObject, type JsonObject } from '../../core/json.ts'
import { jsonText } from '../json-text.ts'
import { filled } from '../substance.ts'
import { qualifiedName } from './namespaces.ts'

/** A call that the caller has to carry out, as an output item says it. */
export interface CallerToolCall {
  id: string | undefined
  name: string | undefined
  arguments: string
  /** Free text instead of JSON. */
  custom?: boolean
}

/** OpenAI's own tools that run at the caller; in a container, `shell` runs at OpenAI. */
const builtIn = new Set(['local_shell_call', 'apply_patch_call', 'computer_call', 'shell_call'])

/** Undefined for items of any other kind. `done`: the item is finished, so that its action is whole. */
export function callerToolCall(item: JsonObject, done: boolean): CallerToolCall | undefined {
  const id = filled(item.call_id) ?? filled(item.id)
  const type = filled(item.type) ?? ''
  if (type === 'function_call') return { id, name: nameOf(item), arguments: filled(item.arguments) ?? '' }
  if (type === 'custom_tool_call') {
    // xAI shows its own X searches as custom calls; their call ids tell.
    if (id?.startsWith('xs_call')) return undefined
    return { id, name: nameOf(item), arguments: filled(item.input) ?? '', custom: true }
  }
  if (!builtIn.has(type) || runsInContainer(item)) return undefined
  const action = item.action ?? item.operation
  return {
    id,
    name: type.slice(0, -'_call'.length),
    arguments: done && isObject(action) ? jsonText(action) : '',
  }
}

/** With its namespace, where it has one. */
function nameOf(item: JsonObject): string | undefined {
  const name = filled(item.name)
  return name === undefined ? undefined : qualifiedName(filled(item.namespace), name)
}

function runsInContainer(item: JsonObject): boolean {
  const environment = isObject(item.environment) ? filled(item.environment.type) : undefined
  return environment !== undefined && environment !== 'local'
}
