import type { Override } from './environment.ts'
import type { FoundFile } from './find-file.ts'
import { type ConfigPath, formatPath, isMapping, isWithin, valueAt } from './paths.ts'

/** Where a value came from: `flag`, `env NAME`, `file:LINE` or `default`. */
export type Origin = string

/** The override that decided a path, or undefined. */
export function overrideOf(path: ConfigPath, overrides: readonly Override[]): Override | undefined {
  return overrides.findLast((override) => isWithin(path, override.path))
}

/** The values of a configuration that are shown one by one: all but mappings and lists of mappings. */
export function leavesOf(value: unknown, path: ConfigPath = []): { path: ConfigPath; value: unknown }[] {
  if (value === undefined) return []
  if (isMapping(value) && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([key, below]) => leavesOf(below, [...path, key]))
  }
  if (Array.isArray(value) && (value.some(isMapping) || path.at(-1) === 'api_keys') && value.length > 0) {
    return value.flatMap((item, i) => leavesOf(item, [...path, i]))
  }
  return [{ path, value }]
}

/**
 * Each leaf's origin by its formatted path. `written` is what file, variables and flags gave together,
 * before defaults.
 */
export function originsOf(
  config: unknown,
  written: unknown,
  overrides: readonly Override[],
  found: FoundFile | null,
): Map<string, Origin> {
  const origins = new Map<string, Origin>()
  for (const { path } of leavesOf(config)) {
    const override = overrideOf(path, overrides)
    let origin = 'default'
    if (valueAt(written, path) !== undefined) {
      origin = override?.origin ?? (found ? `file:${found.yaml.place(path).line}` : 'default')
    }
    origins.set(formatPath(path), origin)
  }
  return origins
}
