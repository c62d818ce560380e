export interface BannerFacts {
  url: string
  version: string
  configFile: string | null
  /** `credential` in words, never its value. */
  backends: readonly { name: string; credential: string }[]
  accessKeys: number
  beyondLoopback: boolean
  ledgerPath: string | null
  /** Null: off. */
  capture: { mode: 'recent' | 'all'; folder: string } | null
  /** How this program is called here. */
  program: string
  connectLines: readonly { title: string; line: string }[]
  /** A line that answers at once, without any provider. */
  tryLine: string
}

/** What `serve` says once it listens: where, with which credentials, and what to paste. */
export function serveBanner(facts: BannerFacts): string {
  const widest = Math.max(0, ...facts.backends.map(({ name }) => name.length))
  return [
    `llmproxy ${facts.version} listens at ${facts.url}`,
    `  configuration  ${facts.configFile ?? 'no file: defaults and environment'}`,
    `  access         ${accessText(facts)}`,
    ...(facts.ledgerPath === null ? [] : [`  usage records  ${facts.ledgerPath}`]),
    ...(facts.capture === null ? [] : [`  captures       ${captureText(facts.capture)}`]),
    '',
    'backends',
    ...facts.backends.map(({ name, credential }) => `  ${name.padEnd(widest)}  ${credential}`),
    '',
    `connect a client (more: ${facts.program} connect)`,
    ...facts.connectLines.map(({ title, line }) => `  ${line}   # ${title}`),
    '',
    'try it now',
    `  ${facts.tryLine}`,
    '',
  ].join('\n')
}

function captureText({ mode, folder }: NonNullable<BannerFacts['capture']>): string {
  return mode === 'all' ? folder : `the last exchanges in memory; saved ones go to ${folder}`
}

function accessText({ accessKeys, beyondLoopback }: BannerFacts): string {
  if (accessKeys === 0)
    return beyondLoopback ? 'no access key needed' : 'this machine only, no access key needed'
  return accessKeys === 1 ? 'one access key opens it' : `${accessKeys} access keys open it`
}
