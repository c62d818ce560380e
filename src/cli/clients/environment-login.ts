import { type Login, type Machine, placeholder } from './client.ts'

/** The login of a client that knows nothing but variables with API keys. */
export function environmentLogin(machine: Machine, variables: readonly string[]): Login {
  const set = variables.filter((name) => machine.env[name] && machine.env[name] !== placeholder)
  return set.length > 0
    ? { words: `API key (${set.join(', ')})`, kind: 'key', unmeasured: null }
    : { words: 'no API key', kind: 'none', unmeasured: null }
}
