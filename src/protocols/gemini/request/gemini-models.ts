/** What Gemini's models differ in, beyond what all protocols' models do. Data from Google's model pages. */
export interface GeminiModel {
  pattern: RegExp
  /** Takes its own tools beside functions, and pictures within a function's response. */
  mixes: boolean
  /** Takes a form for the answer beside functions. */
  formatsBesideFunctions: boolean
  /** Bounds of a thinking budget; `least` 0: thinking can be switched off. */
  budget: { least: number; smallest: number; most: number }
  /** More output tokens are refused. */
  maxOutputTokens: number | null
}

const second: Omit<GeminiModel, 'pattern'> = {
  mixes: false,
  formatsBesideFunctions: false,
  budget: { least: 0, smallest: 1, most: 24_576 },
  maxOutputTokens: 65_536,
}

const models: readonly GeminiModel[] = [
  { ...second, pattern: /gemini-(1|2\.0)/, maxOutputTokens: 8192 },
  { ...second, pattern: /gemini-2\.5-pro/, budget: { least: 128, smallest: 128, most: 32_768 } },
  { ...second, pattern: /gemini-2\.5-flash-lite/, budget: { least: 0, smallest: 512, most: 24_576 } },
  { ...second, pattern: /gemini-2/ },
  { ...second, pattern: /gemini-\d/, mixes: true, formatsBesideFunctions: true },
]

/** Of a model that no pattern knows nothing is held back: its provider judges. */
const unknown: Omit<GeminiModel, 'pattern'> = {
  mixes: true,
  formatsBesideFunctions: true,
  budget: { least: 0, smallest: 1, most: Number.MAX_SAFE_INTEGER },
  maxOutputTokens: null,
}

export function geminiModel(name: string): Omit<GeminiModel, 'pattern'> {
  return models.find(({ pattern }) => pattern.test(name)) ?? unknown
}
