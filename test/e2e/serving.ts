import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { type RunningProgram, startProgram } from '../support/run-program.ts'
import { tempFolder } from '../support/temp-folder.ts'

export interface ServingProgram extends RunningProgram {
  url: string
  port: number
  folder: string
  rewrite(config: object | string): void
}

/** The built program with this configuration, on a free port, in a folder that is also its home. */
export async function serving(config: object): Promise<ServingProgram> {
  const folder = tempFolder()
  const file = join(folder, 'mine.yaml')
  const rewrite = (changed: object | string) =>
    writeFileSync(file, typeof changed === 'string' ? changed : stringify(changed))
  rewrite(config)
  const env = { HOME: folder, LLMPROXY_HOME: folder }
  const program = startProgram(['serve', '--port', '0', '--config', file], env, folder)
  const [, url = ''] = await program.says(/listens at (http:\S+)/)
  await program.says(/try it now\n/)
  return { ...program, url, port: Number(new URL(url).port), folder, rewrite }
}
