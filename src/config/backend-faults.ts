import { ConfigFaults } from './faults.ts'
import type { LoadedConfig } from './load.ts'

/** What is wrong with a backend, as the part that makes backends says it: `backends.NAME.KEY`. */
export interface BackendProblem {
  path: string
  message: string
  nearest?: string
}

/** Faults of backends at their places in the file, like those of the schema. */
export function backendConfigFaults(loaded: LoadedConfig, problems: readonly BackendProblem[]): ConfigFaults {
  const names = Object.keys(loaded.config.backends)
  return new ConfigFaults(
    problems.map(({ path, message, nearest }) => {
      // Names have dots: `backends.openai.eu.type` is cut by the longest name that fits.
      const name = names
        .filter((known) => path.startsWith(`backends.${known}.`))
        .reduce((longest, known) => (known.length > longest.length ? known : longest), '')
      const keys =
        name === '' ? [path] : ['backends', name, ...path.slice(`backends.${name}.`.length).split('.')]
      return loaded.faultAt(keys, message, nearest)
    }),
  )
}
