import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { presetHosts } from '../../src/backends/index.ts'
import { loadConfig } from '../../src/config/load.ts'
import { tempFolder } from '../support/temp-folder.ts'

const page = readFileSync('docs/deploy.md', 'utf8')
const dockerfile = readFileSync('Dockerfile', 'utf8')

/** The configuration that a file and these variables make. Throws what `config check` would say. */
async function loaded(text: string, env: NodeJS.ProcessEnv) {
  const home = tempFolder()
  const configPath = join(home, 'config.yaml')
  writeFileSync(configPath, text)
  const { config } = await loadConfig({
    ...{ env: { LLMPROXY_HOME: home, ...env }, cwd: home, configPath, knownHosts: presetHosts() },
  })
  return config
}

describe('docs/deploy.md', () => {
  const blocks = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => text)

  test('has a configuration that starts', async () => {
    expect(blocks).toHaveLength(1)
    const env = {
      LLMPROXY_ADMIN_KEY: 'lp_0123456789abcdef',
      ANTHROPIC_API_KEY: 'sk-a',
      OPENAI_API_KEY: 'sk-o',
    }
    const config = await loaded(blocks[0] ?? '', env)
    expect(config.auth).toMatchObject({ allowed_hosts: ['llm.example.org'], trusted_proxies: ['127.0.0.1'] })
  })

  test('gives a stopped proxy longer than it takes to drain', async () => {
    const { shutdown_grace_seconds: grace } = await loaded('{}', {})
    const given = [...page.matchAll(/(?:TimeoutStopSec=|--stop-timeout )(\d+)/g)].map(([, seconds]) =>
      Number(seconds),
    )
    expect(given).toHaveLength(2)
    expect(Math.min(...given)).toBeGreaterThan(grace)
  })

  test('links to what is there', () => {
    for (const [, file = ''] of page.matchAll(/\]\(([^)#]+)\)/g))
      expect(existsSync(join('docs', file)), file).toBe(true)
  })
})

describe('docs/compose.yaml', () => {
  const compose = parse(readFileSync('docs/compose.yaml', 'utf8'), { merge: true })

  test('sets variables that the proxy reads, each proxy with a folder of its own', async () => {
    const { one, two } = compose.services
    expect(one.environment).toEqual(two.environment)
    expect(one.volumes).not.toEqual(two.volumes)
    // `${NAME:?…}` and `${NAME:-}` are filled in by compose.
    const env = Object.fromEntries(
      Object.entries<string>(one.environment).map(([name, value]) => [
        name,
        value.replaceAll(/\$\{\w+:[?-][^}]*\}/g, '0123456789abcdef'),
      ]),
    )
    const config = await loaded('{}', { ...env, LLMPROXY_HOST: '0.0.0.0' })
    expect(config).toMatchObject({
      host: '0.0.0.0',
      auth: { allowed_hosts: ['llm.example.org'] },
      usage_tracking: { persistence_path: 'postgres://llmproxy:0123456789abcdef@postgres:5432/llmproxy' },
      logging: { format: 'json' },
    })
  })

  test('is what the Caddyfile balances', () => {
    const { services } = compose
    const [, targets = ''] = /reverse_proxy (.*) \{/.exec(readFileSync('docs/Caddyfile', 'utf8')) ?? []
    expect(targets.split(' ')).toEqual(['one:8000', 'two:8000'])
    expect(Object.keys(services)).toEqual(expect.arrayContaining(['one', 'two']))
  })
})

describe('Dockerfile', () => {
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files = '']) =>
    files.split(' '),
  )

  test('copies what is there and .dockerignore lets through', () => {
    const allowed = readFileSync('.dockerignore', 'utf8')
    expect(copied.length).toBeGreaterThan(5)
    for (const file of copied) {
      expect(existsSync(file), file).toBe(true)
      expect(allowed).toMatch(new RegExp(`^!${file.replaceAll('.', '\\.')}$`, 'm'))
    }
  })

  test('takes everything that the build reads', () => {
    const build = readFileSync('scripts/build.js', 'utf8') + readFileSync('scripts/prepare.js', 'utf8')
    for (const file of ['tsconfig.build.json', 'scripts/build.js']) {
      expect(build + dockerfile).toContain(file)
      expect(copied.some((each) => file === each || file.startsWith(`${each}/`))).toBe(true)
    }
  })

  test('does not run as root, and asks the proxy whether it lives', () => {
    expect(dockerfile).toMatch(/^USER node$/m)
    expect(dockerfile).toMatch(/^HEALTHCHECK [\s\S]*\/healthz/m)
  })
})
