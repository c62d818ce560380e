import type { Patterns } from './patterns.ts'
import type { SubjectKind } from './subject.ts'

/** What a filter is made ready from and for. */
export interface Source<Subject> {
  text: string
  kind: SubjectKind<Subject>
  patterns: Patterns
}
