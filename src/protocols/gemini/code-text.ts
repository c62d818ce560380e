import { type JsonObject, stringAt } from '../../core/json.ts'

/** Code that the model had run, as text. */
export function codeText(code: JsonObject): string {
  const language = (stringAt(code, 'language') ?? '').toLowerCase()
  return `\n\`\`\`${language}\n${stringAt(code, 'code') ?? ''}\n\`\`\`\n`
}

/** What the code printed, as text. */
export function resultText(result: JsonObject): string {
  return `\n\`\`\`\n${stringAt(result, 'output') ?? stringAt(result, 'outcome') ?? ''}\n\`\`\`\n`
}
