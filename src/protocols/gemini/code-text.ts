import { isObject, type JsonObject, stringAt } from '../../core/json.ts'

/** What a part says of the provider's own code tool, in words that a reader of any protocol understands: the code, or what it printed. */
export function codeWords(part: JsonObject): string | undefined {
  const code = part.executableCode ?? part.executable_code
  if (isObject(code)) return codeText(code)
  const result = part.codeExecutionResult ?? part.code_execution_result
  return isObject(result) ? resultText(result) : undefined
}

function codeText(code: JsonObject): string {
  const language = (stringAt(code, 'language') ?? '').toLowerCase()
  return `\n\`\`\`${language}\n${stringAt(code, 'code') ?? ''}\n\`\`\`\n`
}

function resultText(result: JsonObject): string {
  return `\n\`\`\`\n${stringAt(result, 'output') ?? stringAt(result, 'outcome') ?? ''}\n\`\`\`\n`
}
