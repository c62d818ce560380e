/** The configuration of a backend that a fake provider stands behind; `url` is the provider's. */
export function localBackend(url: string, models: readonly string[] = ['m']) {
  return { type: 'openai', api_url: `${url}/v1`, api_key: 'sk-000000000000000000', models }
}
