import { join } from 'node:path'
import type { Thresholds } from '../../../capture/detectors/detector.ts'
import type { ModelKnowledge } from '../../../capture/detectors/ports.ts'
import type { thresholdsOf } from '../../../capture/detectors/thresholds.ts'

/** What issues are judged by. */
export interface Judging {
  /** Without them: the defaults. */
  thresholds?: Thresholds
  models: ModelKnowledge
}

/** By a folder of fetched catalogues. */
export type KnowModels = (folder: string) => Promise<ModelKnowledge>

export interface JudgingParts {
  /** The configuration file, where one is named. */
  config: string | undefined
  env: NodeJS.ProcessEnv
  cwd: string
  thresholdsOf: typeof thresholdsOf
  knowModels: KnowModels
  say: (line: string) => void
}

/** The configured limits. A configuration that cannot be used is said, and hinders nothing: captures come from elsewhere. */
export async function judgingOf(parts: JudgingParts): Promise<Judging> {
  const { config: configPath, env, cwd, knowModels, say } = parts
  const [{ loadConfig }, { homeFolder }] = await Promise.all([
    import('../../../config/load.ts'),
    import('../../../config/find-file.ts'),
  ])
  const models = await knowModels(join(homeFolder(env, cwd), 'prices'))
  try {
    const { config } = await loadConfig({ env, cwd, configPath, knownHosts: null })
    return { models, thresholds: parts.thresholdsOf(config.wire_capture.thresholds) }
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ConfigFaults') throw error
    const [fault = ''] = error.message.split('\n')
    say(`issues are judged by the default limits, because the configuration cannot be used: ${fault}`)
    return { models }
  }
}
