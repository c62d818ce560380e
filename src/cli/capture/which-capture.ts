import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'

/** `capture/reader/capture-files.ts`: the captures in a folder, the oldest first. */
export type FilesOf = (folder: string) => Promise<string[]>

/** The configured folder of captures. */
export async function captureFolder(configPath: string | undefined, env: NodeJS.ProcessEnv): Promise<string> {
  const { loadConfig } = await import('../../config/load.ts')
  const { config } = await loadConfig({ env, cwd: process.cwd(), configPath, knownHosts: null })
  return config.wire_capture.output_dir
}

/** The file that was named, or the newest of the configured folder. Throws `Failure` where there is none. */
export async function namedOrNewest(
  named: string | undefined,
  { config, env, filesOf }: { config: string | undefined; env: NodeJS.ProcessEnv; filesOf: FilesOf },
): Promise<string> {
  if (named !== undefined) return named
  const folder = await captureFolder(config, env)
  const newest = (await filesOf(folder).catch(() => [])).at(-1)
  if (newest !== undefined) return newest
  throw new Failure(`there is no capture in ${folder}; name a file, or record one`, exitCodes.usage, [
    'llmproxy capture on',
  ])
}
