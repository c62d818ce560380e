import { curlExporter } from './curl.ts'
import type { Exporter, ExportSettings } from './exporter.ts'
import { harExporter } from './har.ts'
import { jsonLinesExporter } from './json-lines.ts'
import { markdownExporter } from './markdown.ts'

/** All formats, by the names of `--format`. */
export const exportFormats = {
  har: harExporter,
  jsonl: jsonLinesExporter,
  curl: curlExporter,
  markdown: markdownExporter,
} satisfies Record<string, (settings: ExportSettings) => Exporter>

export type ExportFormat = keyof typeof exportFormats
