/** A URL as it may be shown: user info and query may hold secrets and are left out. Other text is as it was. */
export function shownUrl(text: string): string {
  // The last `@` of all: one in a password that nobody encoded must not let the rest of it stand.
  const parts = /^([a-z][a-z0-9+.-]*:\/\/)(?:.*@)?([^?#]*)/is.exec(text)
  return parts ? `${parts[1]}${parts[2]}` : text
}
