import * as z from 'zod'
import { configSchema } from './schema.ts'

/** The JSON Schema of the configuration file, for editors: `config.schema.json` holds it. */
export function configJsonSchema(): object {
  const { $schema, ...rest } = z.toJSONSchema(configSchema, { io: 'input' })
  return { $schema, title: 'llmproxy configuration', ...rest }
}

/** The text of `config.schema.json`. */
export function configJsonSchemaText(): string {
  return `${JSON.stringify(configJsonSchema(), null, 2)}\n`
}
