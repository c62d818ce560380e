import type { Backend } from '../core/backend.ts'
import type { Billing } from '../core/exchange.ts'
import type { Credential } from './credentials.ts'

/** Anthropic's OAuth tokens of a Pro, Max or Team plan; API keys are `sk-ant-api…`. */
const planToken = /^sk-ant-oat/

/** Whether what is sent with this credential is metered, or part of a plan. */
export function billingAt({ type }: Backend, credential: Credential): Billing {
  if (type === 'chatgpt') return 'subscription'
  const isPlans = type === 'anthropic' && credential.kind !== 'none' && planToken.test(credential.value)
  return isPlans ? 'subscription' : 'api'
}
