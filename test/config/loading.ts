import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ConfigFaults } from '../../src/config/faults.ts'
import { type LoadedConfig, type LoadOptions, loadConfig } from '../../src/config/load.ts'
import { tempFolder } from '../support/temp-folder.ts'

export interface Scene {
  /** Files by their paths below the scene's folder; `here/` is the working directory, `home/` our folder. */
  files?: Record<string, string>
  env?: NodeJS.ProcessEnv
  flags?: LoadOptions['flags']
  configPath?: string
  implicit?: boolean
}

export interface Loading {
  folder: string
  load(): Promise<LoadedConfig>
  /** The faults of a load that must fail. */
  faults(): Promise<ConfigFaults>
}

/** A folder with files, and loading in it: nothing of the machine's own environment or home takes part. */
export function loading(scene: Scene = {}): Loading {
  const folder = tempFolder()
  for (const [name, text] of Object.entries({ 'here/.keep': '', ...scene.files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  const load = () =>
    loadConfig({
      env: { LLMPROXY_HOME: join(folder, 'home'), ...scene.env },
      cwd: join(folder, 'here'),
      flags: scene.flags,
      configPath: scene.configPath,
      implicit: scene.implicit,
      knownHosts: ['api.openai.com', 'api.anthropic.com', 'localhost:11434'],
    })
  return {
    folder,
    load,
    async faults() {
      const thrown = await load().then(
        () => undefined,
        (error: unknown) => error,
      )
      if (thrown instanceof ConfigFaults) return thrown
      throw thrown ?? new Error('this configuration was accepted')
    },
  }
}

/** A load of one named file with this text. */
export function loadingText(text: string, scene: Scene = {}): Loading {
  return loading({ ...scene, files: { ...scene.files, 'here/named.yaml': text }, configPath: 'named.yaml' })
}
