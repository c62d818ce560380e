import { isObject, type Json } from '../core/json.ts'
import { filled } from './substance.ts'

/**
 * The names of the tools that a request offers, in any protocol's form: plain, under `function` or `custom`,
 * in a namespace, in Gemini's `functionDeclarations`. A tool without a name goes by its type.
 */
export function toolNames(...lists: readonly (Json | undefined)[]): string[] {
  const names: string[] = []
  for (const list of lists) addNames(list, names, true)
  return names
}

function addNames(list: Json | undefined, names: string[], mayNest: boolean): void {
  for (const tool of Array.isArray(list) ? list : []) {
    if (!isObject(tool)) continue
    const name = nameOf(tool) ?? nameOf(tool.function) ?? nameOf(tool.custom) ?? filled(tool.type)
    if (name !== undefined) names.push(name)
    if (!mayNest) continue
    addNames(tool.functionDeclarations ?? tool.function_declarations, names, false)
    if (tool.type === 'namespace') addNames(tool.tools, names, false)
  }
}

function nameOf(tool: Json | undefined): string | undefined {
  return isObject(tool) ? filled(tool.name) : undefined
}
