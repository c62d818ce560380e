import type { Preset } from '../core/backend.ts'
import { nearest } from '../core/nearest.ts'
import type { BackendFault } from './faults.ts'
import { presetOfType, presets } from './index.ts'
import type { BackendSettings } from './settings.ts'

/** The name up to its first dot: `openai` for `openai.eu`. */
export function typeOfName(name: string): string {
  const dot = name.indexOf('.')
  return dot < 0 ? name : name.slice(0, dot)
}

/** What keeps a configured backend from being made, beyond what the configuration's schema refuses. */
export function settingsFaults(name: string, settings: BackendSettings): BackendFault[] {
  const preset = presetOfType(settings.type ?? typeOfName(name))
  return [
    ...typeFaults(name, settings, preset),
    ...urlFaults(name, settings.api_url),
    ...keyFaults(name, settings.api_key),
  ]
}

function typeFaults(name: string, settings: BackendSettings, preset: Preset | undefined): BackendFault[] {
  if (preset !== undefined) {
    if (preset.type === 'demo' || preset.apiUrl !== null || settings.api_url !== undefined) return []
    const example =
      preset.type === 'azure' ? 'https://RESOURCE.openai.azure.com/openai/v1' : 'http://HOST:8000/v1'
    return [fault(name, 'api_url', `missing: type ${preset.type} has no default; write api_url: ${example}`)]
  }
  const type = settings.type ?? typeOfName(name)
  // A word of the user's own as the name is a provider that we have no preset for; as `type` it is a mistake.
  if (settings.type === undefined || settings.type === typeOfName(name)) {
    if (settings.api_url !== undefined) return []
    const guess = nearest(type, knownTypes())
    return [
      fault(
        name,
        'api_url',
        `missing: ${type} is no type that has a default (${knownTypes().join(', ')}); ` +
          `${guess === undefined ? '' : `did you mean ${guess}? Else `}write api_url and, if it is not openai-chat, protocols`,
        guess,
      ),
    ]
  }
  const guess = nearest(type, knownTypes())
  return [
    fault(
      name,
      'type',
      `unknown type ${type}${guess === undefined ? '' : `, did you mean ${guess}?`}; known are ${knownTypes().join(', ')}`,
      guess,
    ),
  ]
}

function urlFaults(name: string, apiUrl: string | undefined): BackendFault[] {
  if (apiUrl === undefined) return []
  const url = new URL(apiUrl)
  if (url.username === '' && url.password === '') return []
  return [fault(name, 'api_url', 'has a user or password in it; put the provider key into api_key')]
}

function keyFaults(name: string, apiKey: string | undefined): BackendFault[] {
  if (apiKey === undefined || isHeaderText(apiKey.trim())) return []
  return [fault(name, 'api_key', 'has characters that no header can carry, perhaps a line break')]
}

/** Whether a header can carry it (RFC 9110, field-value). */
export function isHeaderText(text: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(text)
}

function fault(name: string, key: string, message: string, guess?: string): BackendFault {
  const path = `backends.${name}.${key}`
  return guess === undefined ? { path, message } : { path, message, nearest: guess }
}

function knownTypes(): string[] {
  return presets.map((preset) => preset.type)
}
