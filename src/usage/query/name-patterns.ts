import { matchesGlob } from '../../core/glob.ts'

/** What providers put behind a model's name: a date in one of their ways, or `-latest`. */
const dated = /^[-@](\d{8}|\d{4}-\d{2}-\d{2}|\d{4}|\d{3}|\d{2}-\d{2}|\d{2}-\d{4}|latest)$/

/** Whether a model is meant by a filter's word: its name, its name without a date, or a pattern with `*`. */
export function fitsModel(model: string, wanted: string): boolean {
  if (model === wanted) return true
  if (wanted.includes('*')) return matchesGlob(wanted, model)
  return model.startsWith(wanted) && dated.test(model.slice(wanted.length))
}
