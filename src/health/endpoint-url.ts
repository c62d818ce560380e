/**
 * What an API URL is known by: backends with the same one share an endpoint. Scheme and host in lower case, no
 * default port, no slash at the end, no query, and never the user and password that it may hold.
 * Undefined for what is no URL.
 */
export function endpointUrl(apiUrl: string): string | undefined {
  if (!URL.canParse(apiUrl)) return undefined
  const { protocol, host, pathname } = new URL(apiUrl)
  return `${protocol}//${host}${pathname.replace(/\/+$/, '')}`
}

/** The host as `ping` takes it: an IPv6 address without its brackets. */
export function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '')
}
