import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findProxy, type ProxyValues } from '../../src/cli/find-proxy.ts'
import { tempFolder } from '../support/temp-folder.ts'

/** The address found with `here` as ./config.yaml and `home` as ~/.llmproxy/config.yaml. */
async function found(
  files: { here?: string; home?: string; named?: string },
  flags: ProxyValues = {},
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  const cwd = tempFolder()
  const home = join(cwd, 'home')
  mkdirSync(home)
  if (files.here !== undefined) writeFileSync(join(cwd, 'config.yaml'), files.here)
  if (files.home !== undefined) writeFileSync(join(home, 'config.yaml'), files.home)
  if (files.named !== undefined) writeFileSync(join(cwd, 'named.yaml'), files.named)
  return (await findProxy(flags, { LLMPROXY_HOME: home, ...env }, cwd)).url
}

describe('the proxy that is asked', () => {
  it('is the usual one where nothing says otherwise', async () => {
    expect(await found({})).toBe('http://127.0.0.1:8000')
    expect(await found({ home: '' })).toBe('http://127.0.0.1:8000')
    // Another program's file.
    expect(await found({ here: 'port: 9\nname: x\n' })).toBe('http://127.0.0.1:8000')
  })

  it('is the one of the file found', async () => {
    expect(await found({ home: 'port: 8123\n' })).toBe('http://127.0.0.1:8123')
    expect(await found({ home: 'host: 0.0.0.0\nport: 8123\n' })).toBe('http://127.0.0.1:8123')
    expect(await found({ here: 'port: 8124\nbackends: {}\n', home: 'port: 8123\n' })).toBe(
      'http://127.0.0.1:8124',
    )
    expect(await found({ home: 'host: proxy.example.com\n' })).toBe('http://proxy.example.com:8000')
    expect(await found({ named: 'host: "::1"\nport: 1\n' }, { config: 'named.yaml' })).toBe('http://[::1]:1')
    expect(await found({ named: 'port: 2\n' }, {}, { LLMPROXY_CONFIG: 'named.yaml' })).toBe(
      'http://127.0.0.1:2',
    )
  })

  it('is read with the whole configuration where that is needed', async () => {
    expect(await found({ home: 'port: 8123\n' }, {}, { LLMPROXY_PORT: '8125' })).toBe('http://127.0.0.1:8125')
    expect(await found({ home: `host: \${THE_HOST}\n` }, {}, { THE_HOST: 'h.example' })).toBe(
      'http://h.example:8000',
    )
    await expect(found({ home: 'port: many\n' })).rejects.toThrow(/port: .*number/)
    await expect(found({ home: 'port: [\n' })).rejects.toThrow(/is not valid YAML/)
    await expect(found({}, { config: 'none.yaml' })).rejects.toThrow(/none\.yaml.*no such file/)
  })

  it('is said by flag and environment above all', async () => {
    const files = { home: 'port: many\n' }
    expect(await found(files, { url: 'http://a:1/' }, { LLMPROXY_URL: 'http://b:2' })).toBe('http://a:1')
    expect(await found(files, {}, { LLMPROXY_URL: 'http://b:2' })).toBe('http://b:2')
  })

  it('is none on another machine because of a file that nobody named', async () => {
    const here = 'host: evil.example.com\nbackends: {}\n'
    await expect(found({ here })).rejects.toThrow(/\.\/config\.yaml:1:7: host: may not name another machine/)
    for (const near of ['127.0.0.1', 'localhost', '0.0.0.0', '"::"', '"::1"']) {
      await found({ here: `host: ${near}\nbackends: {}\n` })
    }
    for (const far of ['127.0.0.1.evil.example', 'localhost.evil.example', '10.0.0.1', '1270.0.0.1']) {
      await expect(found({ here: `host: ${far}\nbackends: {}\n` })).rejects.toThrow('another machine')
    }
    expect(await found({ here }, { config: 'config.yaml' })).toBe('http://evil.example.com:8000')
  })

  it('of a folder whose file the whole configuration would not accept unnamed is that of the file', async () => {
    const here = 'port: 8126\nbackends: {openai: {type: openai, api_url: https://api.openai.com/v1}}\n'
    expect(await found({ here })).toBe('http://127.0.0.1:8126')
  })
})
