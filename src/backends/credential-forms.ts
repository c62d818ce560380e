import type { Backend, KeyHeader } from '../core/backend.ts'
import { remembered } from '../core/remembered.ts'
import { presets } from './index.ts'

// What clients send where a key is demanded and none is needed. Compared without case, spaces, - and _.
const placeholders = new Set([
  'llmproxy',
  'anything',
  'apikey',
  'changeme',
  'dummy',
  'dummykey',
  'empty',
  'fake',
  'fakekey',
  'ignored',
  'key',
  'lmstudio',
  'local',
  'n/a',
  'na',
  'nokey',
  'nokeyneeded',
  'nokeyrequired',
  'none',
  'notneeded',
  'notrequired',
  'notused',
  'null',
  'ollama',
  'placeholder',
  'test',
  'testkey',
  'undefined',
  'unused',
  'yourapikey',
  'yourapikeyhere',
])

/** Whether a value says "there is no key": `dummy`, `EMPTY`, `llmproxy`, `sk-xxx`, one of our own access keys. */
export function isPlaceholder(value: string): boolean {
  return placeholding.of(value)
}

const placeholding = remembered((value) => {
  const word = value.trim().toLowerCase()
  // lp_ is how `llmproxy key new` begins: an access key of this or another proxy, never a provider's.
  if (word === '' || word.startsWith('lp_')) return true
  // Where a program insists on the form of a key: `sk-no-key-required`, `sk-xxx`.
  const inner = word.replace(/^sk-/, '')
  return /^[x*.-]*$/.test(inner) || placeholders.has(inner.replace(/[\s_-]/g, ''))
})

/** Whether a value looks like a credential of some provider that we know by its form. */
export function hasKnownForm(value: string): boolean {
  return knownForms.of(value)
}

const knownForms = remembered((value) =>
  presets.some((preset) => preset.credentialForm?.test(value) === true),
)

/**
 * The preset that a plan's login belongs to, where it is not this backend but another of its family (a ChatGPT
 * login beside `openai`). Who is logged in to a plan must not be moved to metered billing.
 */
export function planOf(
  value: string,
  backend: Pick<Backend, 'type' | 'family' | 'credentialForm'>,
): string | null {
  if (backend.credentialForm?.test(value)) return null
  const plan = presets.find(
    ({ type, family, credentialForm, keyVariables, keyless }) =>
      type !== backend.type &&
      family === backend.family &&
      !keyless &&
      keyVariables.length === 0 &&
      credentialForm?.test(value) === true,
  )
  return plan?.type ?? null
}

const bearer: KeyHeader = { name: 'authorization', prefix: 'Bearer ' }
const jwt = /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/

/** Values that a provider with a key header of its own wants as a Bearer token: logins rather than API keys. */
const tokenForms: Record<Exclude<KeyHeader['name'], 'authorization'>, RegExp> = {
  'x-api-key': /^sk-ant-oat/,
  'x-goog-api-key': /^ya29\./,
  'api-key': jwt,
}

/**
 * The header in which a backend is given this value. `sentIn` is where a client had it: a provider that takes a
 * key in both headers (Anthropic) gets it in the one that the client chose.
 */
export function keyHeaderFor(
  backend: Pick<Backend, 'keyHeader'>,
  value: string,
  sentIn: string | null = null,
): KeyHeader {
  const own = backend.keyHeader
  if (own.name === 'authorization') return own
  if (own.name === 'x-api-key' && sentIn === 'authorization') return bearer
  if (own.name === 'x-api-key' && sentIn === 'x-api-key') return own
  return tokenForms[own.name].test(value) ? bearer : own
}
