import { join } from 'node:path'
import type { Json } from '../../core/json.ts'
import { loadYamlFormat } from '../settings/yaml.ts'
import { type Client, type Machine, placeholder } from './client.ts'
import { environmentLogin } from './environment-login.ts'
import { exportKeyLine, exportLine } from './shell.ts'

/**
 * aider takes its keys and addresses by provider, and no header of ours: an access key stands where the provider
 * key would, and the proxy then uses its own provider keys.
 */
export const aider: Client = {
  name: 'aider',
  title: 'aider',
  command: 'aider',
  install: 'python -m pip install aider-install && aider-install',
  login,
  lines: ({ url, accessKey }, machine) => [
    exportLine('OPENAI_API_BASE', `${url}/v1`),
    exportLine('ANTHROPIC_API_BASE', url),
    ...keyVariables.flatMap((name) => {
      if (accessKey !== null) return [exportKeyLine(name, '', accessKey)]
      return machine.env[name] ? [] : [exportLine(name, placeholder)]
    }),
  ],
  notes: () => [
    'models of other providers pass as openai/NAME, for example: aider --model openai/gemini-2.5-pro',
  ],
  settings: ({ url, accessKey }, machine) => {
    const key = accessKey?.value ?? placeholder
    const needsKey = (name: string) => accessKey !== null || !machine.env[name]
    return {
      file: join(machine.home, '.aider.conf.yml'),
      format: loadYamlFormat,
      edits: [
        { path: ['openai-api-base'], value: `${url}/v1` },
        { path: ['set-env'], value: withVariable('ANTHROPIC_API_BASE', url) },
        ...(needsKey('OPENAI_API_KEY') ? [{ path: ['openai-api-key'], value: key }] : []),
        ...(needsKey('ANTHROPIC_API_KEY') ? [{ path: ['anthropic-api-key'], value: key }] : []),
      ],
    }
  },
}

const keyVariables = ['OPENAI_API_KEY', 'ANTHROPIC_API_KEY']

/** The user's own variables in aider's list stay. */
function withVariable(name: string, value: string) {
  return (present: Json | undefined): Json => {
    const items = Array.isArray(present)
      ? present
      : present === undefined || present === null
        ? []
        : [present]
    return [...items.filter((item) => !String(item).startsWith(`${name}=`)), `${name}=${value}`]
  }
}

function login(machine: Machine) {
  return environmentLogin(machine, keyVariables)
}
