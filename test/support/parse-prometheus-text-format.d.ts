/** It has no types of its own: what it gives for a text in Prometheus' format. */
declare module 'parse-prometheus-text-format' {
  interface ParsedSample {
    value: string
    labels?: Record<string, string>
  }
  interface ParsedFamily {
    name: string
    help: string
    type: string
    metrics: ParsedSample[]
  }
  function parse(text: string): ParsedFamily[]
  export = parse
}
