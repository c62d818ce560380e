import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ConfigFaults } from './faults.ts'

/** What `config init` writes: loads as it is and changes nothing, until lines are opened. */
export const startText = `# llmproxy configuration. Everything here has a default: open the lines that you need.
# All keys: config.example.yaml. Check this file: llmproxy config check FILE

# Where to listen. Beyond this machine, access keys are needed: llmproxy key new NAME
# host: 127.0.0.1
# port: 8000

# auth:
#   api_keys:
#     - {name: alice, key: "\${ALICE_ACCESS_KEY}", role: user}

# Providers. openai, anthropic and gemini are there without being named; give a provider key to use your own.
# backends:
#   openai:
#     api_key: \${OPENAI_API_KEY}
#   openai.eu:
#     api_url: https://eu.api.openai.com/v1
#     api_key: \${OPENAI_EU_API_KEY}
#   vllm:
#     api_url: http://127.0.0.1:8001/v1

# Other models for requested ones; the first match wins.
# model_aliases:
#   - {pattern: "gpt-4*", replacement: "openai:gpt-4o"}

# For a model the backends to try in order.
# failover_routes:
#   gpt-4o: ["openai:gpt-4o", "openai.eu:gpt-4o"]

# The ledger: usage records of every exchange. Without this line it is in LLMPROXY_HOME.
# usage_tracking:
#   persistence_path: ./var/usage.db

# The wire capture: off, recent (in memory) or all (on disk).
# wire_capture:
#   mode: recent

# logging:
#   level: info
`

/** Writes the start file, for this user only; a file that is there is never overwritten. */
export async function writeStartFile(file: string, shown: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    await writeFile(file, startText, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    const message =
      code === 'EEXIST'
        ? 'is already there and stays as it is; name another file, or remove this one first'
        : `cannot be written (${code})`
    throw new ConfigFaults([{ file: shown, line: null, column: null, source: null, path: '', message }])
  }
}
