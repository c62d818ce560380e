import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { DetectorCases } from './cases/case.ts'

const folder = fileURLToPath(new URL('cases', import.meta.url))

/** The cases of a detector; null where it has none yet, which the contract test does not let pass. */
export async function casesOf(code: string): Promise<DetectorCases | null> {
  const file = `${folder}/${code.replaceAll('_', '-')}.ts`
  return existsSync(file) ? (await import(file)).cases : null
}

/** Codes for which there are cases. */
export function codesWithCases(): string[] {
  return readdirSync(folder)
    .filter((name) => name !== 'case.ts')
    .map((name) => name.replace(/\.ts$/, '').replaceAll('-', '_'))
}
