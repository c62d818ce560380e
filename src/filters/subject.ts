/** How a number is written and read. */
export type Unit = 'duration' | 'count' | 'bytes' | 'usd' | 'plain'

export interface TextSource<Subject> {
  /** All its values, which may be none; null: not known. */
  values(subject: Subject): readonly string[] | null
  /** Where no other value exists: a filter that asks for another is refused. */
  oneOf?: readonly string[]
}

export interface NumberSource<Subject> {
  unit: Unit
  /** Milliseconds, dollars, bytes or pieces; null: not known. */
  value(subject: Subject): number | null
}

/** What can be asked of one kind of thing: a usage record, a frame of a capture, a row of the dashboard. */
export interface SubjectKind<Subject> {
  /** With its article: `a usage record`. */
  noun: string
  texts: ReadonlyMap<string, TextSource<Subject>>
  numbers: ReadonlyMap<string, NumberSource<Subject>>
  /** For the operators that take no argument. */
  facts: ReadonlyMap<string, (subject: Subject) => boolean>
  /** What people see of it, cell by cell: where a bare word is looked for. */
  shown(subject: Subject): Iterable<string>
}

export type Predicate<Subject> = (subject: Subject) => boolean
