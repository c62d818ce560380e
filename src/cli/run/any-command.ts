import { claude } from '../clients/claude.ts'
import { type Machine, placeholder } from '../clients/client.ts'
import { gemini } from '../clients/gemini.ts'

/**
 * What sends a program through the proxy that nobody here knows: the variables that SDKs read for their address, and
 * placeholders where one would not begin without a key. A client's own login is left in force.
 *
 * @param url of the relay, which adds the headers that such a program does not
 */
export function anyCommandEnv(url: string, machine: Machine): Record<string, string> {
  const { env } = machine
  return {
    OPENAI_BASE_URL: `${url}/v1`,
    // The names of older SDKs, LiteLLM and aider.
    OPENAI_API_BASE: `${url}/v1`,
    AIDER_OPENAI_API_BASE: `${url}/v1`,
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_API_BASE: url,
    GOOGLE_GEMINI_BASE_URL: url,
    ...(!env.OPENAI_API_KEY && { OPENAI_API_KEY: placeholder }),
    // A key in the environment would replace the plan that these are logged in with.
    ...(claude.login(machine).kind === 'none' && { ANTHROPIC_API_KEY: placeholder }),
    ...(!env.GOOGLE_API_KEY && gemini.login(machine).kind === 'none' && { GEMINI_API_KEY: placeholder }),
  }
}
