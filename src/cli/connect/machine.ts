import { accessSync, constants, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { Machine } from '../clients/client.ts'

/** This machine as the clients see it. What cannot be read counts as not there. */
export function thisMachine(env: NodeJS.ProcessEnv): Machine {
  return {
    env,
    home: env.HOME || homedir(),
    readText(path) {
      try {
        return readFileSync(path, 'utf8')
      } catch {
        return null
      }
    },
  }
}

/** Whether PATH has a program of that name. */
export function isInstalled(command: string, env: NodeJS.ProcessEnv): boolean {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', '.bat', '.ps1'] : ['']
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return folders.some((folder) => endings.some((ending) => isProgram(join(folder, command + ending))))
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
