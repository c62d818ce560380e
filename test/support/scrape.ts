import parse from 'parse-prometheus-text-format'

export interface Sample {
  labels: Record<string, string>
  value: number
}

/** A scrape of `/metrics`, read by a parser that is not ours. */
export class Scrape {
  readonly text: string
  /** By the name of a metric: its help and type. */
  readonly families = new Map<string, { help: string; type: string }>()
  /** By the name that stands in the line: a histogram has three. */
  readonly #samples = new Map<string, Sample[]>()

  constructor(text: string) {
    this.text = text
    for (const { name, help, type, metrics } of parse(withoutHistograms(text))) {
      if (help !== '') this.families.set(name, { help, type })
      const samples = this.#samples.get(name) ?? []
      this.#samples.set(name, samples)
      for (const { labels = {}, value } of metrics) samples.push({ labels, value: Number(value) })
    }
  }

  /** Lines that are no comment. */
  get lines(): string[] {
    return this.text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  }

  get names(): string[] {
    return [...this.#samples].filter(([, samples]) => samples.length > 0).map(([name]) => name)
  }

  samples(name: string): readonly Sample[] {
    return this.#samples.get(name) ?? []
  }

  /** The sum of those that have these labels. Undefined: there is none. */
  value(name: string, labels: Record<string, string> = {}): number | undefined {
    const found = this.samples(name).filter((sample) =>
      Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
    )
    return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0)
  }

  labels(name: string, label: string): Set<string> {
    return new Set(this.samples(name).flatMap(({ labels }) => labels[label] ?? []))
  }
}

export async function scrapeOf(url: string, headers: Record<string, string> = {}): Promise<Scrape> {
  return new Scrape(await (await fetch(`${url}/metrics`, { headers })).text())
}

/** The parser throws the labels of a histogram away; as lines of no type it keeps them. */
function withoutHistograms(text: string): string {
  return text.replace(/^(# TYPE \S+) histogram$/gm, '$1 untyped')
}
