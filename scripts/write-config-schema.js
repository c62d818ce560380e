// Writes config.schema.json, for editors, from the schema that validates: from dist/ after a build, or with
// `node --import tsx scripts/write-config-schema.js src` from the source.
import { writeFileSync } from 'node:fs'

const fromSource = process.argv[2] === 'src'
const { configJsonSchemaText } = await import(
  fromSource ? '../src/config/json-schema.ts' : '../dist/config/json-schema.js'
)
writeFileSync(new URL('../config.schema.json', import.meta.url), configJsonSchemaText())
