import type { Json } from '../../core/json.ts'

/** Where in a settings file a value stands: `['env', 'ANTHROPIC_BASE_URL']`. */
export type SettingPath = readonly string[]

/**
 * One kind of settings file, edited as text, so that everything else in it stays as its owner wrote it.
 * Each function throws a Failure when it cannot read the text safely.
 */
export interface SettingsFormat {
  /** The value at `path`; undefined when there is none. */
  get(text: string, path: SettingPath): Json | undefined
  set(text: string, path: SettingPath, value: Json): string
  remove(text: string, path: SettingPath): string
}
