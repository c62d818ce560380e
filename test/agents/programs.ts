import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ProtocolName } from '../../src/core/protocol-name.ts'

/** Outside the repository, and kept between runs. */
const folder = process.env.LLMPROXY_AGENTS_HOME ?? join(tmpdir(), 'llmproxy-agents')
const packages = ['@anthropic-ai/claude-code', '@openai/codex', '@google/gemini-cli']
const limitMs = 90_000

/** Installs the agents where they are not yet. Throws where the registry cannot be reached: a skipped agent is a failure. */
export function installAgents(): void {
  if (packages.every((name) => existsSync(join(folder, 'node_modules', name)))) return
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{"private":true}')
  const { status, stderr } = spawnSync('npm', ['install', '--no-audit', '--no-fund', ...packages], {
    cwd: folder,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`the agents could not be installed from the npm registry:\n${stderr}`)
}

/** A real client, run once with a prompt. */
export interface Agent {
  name: string
  protocol: ProtocolName
  /** The model that it is told to ask for. */
  model: string
  /** What its shell tool is called with. */
  shellArguments: (command: string) => Record<string, unknown>
  shellTool: RegExp
  run(proxyUrl: string, model: string, prompt: string): Promise<{ exitCode: number | null; output: string }>
}

export const agents: readonly Agent[] = [
  {
    name: 'Claude Code',
    protocol: 'anthropic-messages',
    model: 'claude-sonnet-4-5',
    shellTool: /^Bash$/,
    shellArguments: (command) => ({ command, description: 'Print a line' }),
    run: (url, model, prompt) =>
      inHome((home) =>
        program(
          home,
          bin('claude'),
          ['-p', prompt, '--model', model, '--output-format', 'json', '--allowedTools', 'Bash(echo:*)'],
          {
            CLAUDE_CONFIG_DIR: join(home, '.claude'),
            ANTHROPIC_BASE_URL: url,
            ANTHROPIC_API_KEY: 'sk-ant-agents-000000000000',
            CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
            DISABLE_AUTOUPDATER: '1',
          },
        ),
      ),
  },
  {
    name: 'Codex',
    protocol: 'openai-responses',
    model: 'gpt-5.1-codex',
    shellTool: /^(exec_command|shell|shell_command|container\.exec)$/,
    shellArguments: (command) => ({ cmd: command, command: ['bash', '-lc', command] }),
    run: (url, model, prompt) =>
      inHome((home) => {
        const lines = [
          `model = "${model}"`,
          'model_provider = "proxy"',
          'check_for_update_on_startup = false',
          '[analytics]',
          'enabled = false',
          '[model_providers.proxy]',
          'name = "proxy"',
          `base_url = "${url}/v1"`,
          'env_key = "PROXY_KEY"',
          'wire_api = "responses"',
          'supports_websockets = false',
          'request_max_retries = 0',
          'stream_max_retries = 0',
        ]
        writeFileSync(join(home, 'config.toml'), `${lines.join('\n')}\n`)
        const flags = [
          'exec',
          '--skip-git-repo-check',
          '--json',
          '--dangerously-bypass-approvals-and-sandbox',
          prompt,
        ]
        return program(home, bin('codex'), flags, { CODEX_HOME: home, PROXY_KEY: 'sk-agents-00000000000000' })
      }),
  },
  {
    name: 'Gemini CLI',
    protocol: 'gemini',
    model: 'gemini-2.5-flash',
    shellTool: /^run_shell_command$/,
    shellArguments: (command) => ({ command, description: 'Print a line' }),
    run: (url, model, prompt) =>
      inHome((home) => {
        mkdirSync(join(home, '.gemini'))
        const settings = {
          security: { auth: { selectedType: 'gemini-api-key' }, folderTrust: { enabled: false } },
          privacy: { usageStatisticsEnabled: false },
          telemetry: { enabled: false },
          general: { disableAutoUpdate: true, enableAutoUpdate: false },
        }
        writeFileSync(join(home, '.gemini/settings.json'), JSON.stringify(settings))
        const flags = [
          '-m',
          model,
          '--output-format',
          'json',
          '--approval-mode',
          'yolo',
          '--skip-trust',
          '-p',
          prompt,
        ]
        return program(home, process.execPath, [bin('gemini'), ...flags], {
          GEMINI_API_KEY: 'AIza-agents-000000000000',
          GOOGLE_GEMINI_BASE_URL: url,
          GEMINI_CLI_NO_RELAUNCH: 'true',
          GEMINI_TELEMETRY_ENABLED: 'false',
        })
      }),
  },
]

/** Where their programs are. */
export const binFolder = join(folder, 'node_modules/.bin')

function bin(name: string): string {
  return join(binFolder, name)
}

export async function inHome<T>(use: (home: string) => Promise<T>): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), 'llmproxy-agent-'))
  try {
    return await use(home)
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 5 })
  }
}

export function program(home: string, file: string, flags: readonly string[], env: Record<string, string>) {
  return new Promise<{ exitCode: number | null; output: string }>((resolve) => {
    const child = spawn(file, flags, {
      cwd: home,
      env: { PATH: process.env.PATH ?? '', HOME: home, TERM: 'dumb', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: limitMs,
      killSignal: 'SIGKILL',
    })
    let output = ''
    for (const from of [child.stdout, child.stderr])
      from.on('data', (piece: Buffer) => (output += piece.toString()))
    child.on('error', (error) => resolve({ exitCode: -1, output: String(error) }))
    child.on('close', (exitCode) => resolve({ exitCode, output }))
  })
}
