import type { Backend, KeyHeader } from '../core/backend.ts'
import type { ProviderFamily } from '../core/protocol.ts'
import type { ClientCredential } from './client-credential.ts'
import { isPlaceholder, keyHeaderFor, planOf } from './credential-forms.ts'
import { presetOfType } from './index.ts'

export { type ClientCredential, clientCredential } from './client-credential.ts'

/** What an attempt is sent with. */
export type Credential =
  | { kind: 'proxy'; value: string; header: KeyHeader }
  | { kind: 'client'; value: string; hash: string; header: KeyHeader }
  | { kind: 'none' }

/** `message` says what is missing and the next step; it is the text of `no_credential`. */
export type CredentialChoice = Credential | { kind: 'missing'; message: string }

export interface CallerContext {
  /** The providers that the client's protocol belongs to. */
  family: ProviderFamily
  /** Whether the request's path names this backend. */
  pinned: boolean
}

/** Whose credential goes to a backend (`spec/config.md`, Credentials). Never throws, never puts a value in words. */
export function chooseCredential(
  backend: Backend,
  client: ClientCredential | null,
  context: CallerContext,
): CredentialChoice {
  const mode = backend.credentials
  if (mode === 'none') return { kind: 'none' }
  if (mode !== 'proxy' && client !== null && refusalOf(backend, client, context) === null) {
    const { value, hash, from } = client
    return { kind: 'client', value, hash, header: keyHeaderFor(backend, value, from) }
  }
  const native = context.pinned || backend.family === context.family
  const plan = native && mode === 'client_first' && client !== null ? planOf(client.value, backend) : null
  if (plan !== null) return { kind: 'missing', message: planMessage(backend, plan) }
  if (mode !== 'client' && backend.apiKey !== null) {
    return { kind: 'proxy', value: backend.apiKey, header: keyHeaderFor(backend, backend.apiKey) }
  }
  return { kind: 'missing', message: missingMessage(backend, client, context) }
}

/** Why a client's credential may not go to a backend, in words; null when it may. Only who asks puts it in words. */
const refusals = {
  placeholder: (place: string) => `what you sent in ${place} is a placeholder`,
  otherFamily: (place: string) =>
    `your own provider key in ${place} goes only to the provider that your client speaks to`,
  otherHost: (place: string, backend: Backend) =>
    `your own provider key in ${place} is not sent to ${hostOf(backend)} ` +
    `unless backends.${backend.name}.trust_client_credentials is true`,
  otherForm: (place: string, backend: Backend) =>
    `what you sent in ${place} does not have the form of a provider key of ${backend.type}`,
}

/** Null: it may go there. */
function refusalOf(
  backend: Backend,
  client: ClientCredential,
  context: CallerContext,
): keyof typeof refusals | null {
  if (isPlaceholder(client.value)) return 'placeholder'
  if (!context.pinned && backend.family !== context.family) return 'otherFamily'
  if (!backend.atPresetHost && !backend.trustClientCredentials) return 'otherHost'
  const isOfForm = backend.credentialForm === null || backend.credentialForm.test(client.value)
  return isOfForm ? null : 'otherForm'
}

function refusalWords(backend: Backend, client: ClientCredential, context: CallerContext): string | null {
  const refusal = refusalOf(backend, client, context)
  return refusal && refusals[refusal](client.from === 'query' ? '?key=' : client.from, backend)
}

function planMessage(backend: Backend, plan: string): string {
  return (
    `the login that you sent is a plan's, which ${backend.name} does not take, and the proxy's own provider key ` +
    `is not used in its place; send it to /${plan}/v1, or set backends.${backend.name}.credentials to proxy`
  )
}

function missingMessage(backend: Backend, client: ClientCredential | null, context: CallerContext): string {
  const what = `no provider key for ${backend.name}`
  const ours = configureStep(backend)
  if (backend.credentials === 'proxy') return `${what}: ${ours}`
  const why = client === null ? null : refusalWords(backend, client, context)
  const own = ownStep(backend, context)
  const steps = backend.credentials === 'client' && onlyLogin(backend) ? [own] : [own, ours]
  const step = steps.filter((text) => text !== null).join(', or ')
  return why === null ? `${what}: ${step}` : `${what}: ${why}; ${step}`
}

/** Where our own key would come from. */
function configureStep(backend: Backend): string {
  const variables = backend.atPresetHost ? (presetOfType(backend.type)?.keyVariables ?? []) : []
  const key = `backends.${backend.name}.api_key`
  return variables.length === 0
    ? `set ${key}`
    : `set ${variables.join(' or ')}, or ${key} in the configuration`
}

/** How the client could send its own; null where it would not be passed on. */
function ownStep(backend: Backend, context: CallerContext): string | null {
  if (!backend.atPresetHost && !backend.trustClientCredentials) return null
  const { name, prefix } = backend.keyHeader
  const login = onlyLogin(backend) ? 'the token of your ChatGPT login' : 'your own'
  // Not as `authorization: Bearer …`: redaction would take what follows for a key.
  const way = `send ${login} in ${name}${prefix === '' ? '' : ' as a Bearer token'}`
  return context.pinned || backend.family === context.family ? way : `${way} to /${backend.name}/v1`
}

/** Opened by a login and by no key: a key that we could be given does not exist. */
function onlyLogin(backend: Backend): boolean {
  return backend.type === 'chatgpt'
}

/** Without user info, path and query: these may hold secrets. */
function hostOf(backend: Backend): string {
  return new URL(backend.apiUrl).host
}
