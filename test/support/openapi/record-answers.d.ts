/** One answer of the proxy's listener, as it left. */
export interface RecordedAnswer {
  method: string
  url: string
  /** The proxy's; null where it does not say so, in answers to clients of providers. */
  version: string | null
  status: number
  contentType: string | null
  /** Who was asked for it; null: nobody was. */
  backend: string | null
  encoding: string | null
  /** Null: the answer was cut, or is too large to be kept. */
  body: string | null
}

export function recordAnswers(tell: (answer: RecordedAnswer) => void, wantsPassed: () => boolean): void
