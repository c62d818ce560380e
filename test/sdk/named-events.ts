import { describeError } from './observation.ts'
import type { Note } from './surface.ts'

interface Emitter<Name extends string> {
  on(name: Name, listener: (...values: unknown[]) => void): unknown
}

/** Notes each event that a helper emits under these names, as it was then: helpers go on changing their snapshots. */
export function noteEvents<Name extends string>(emitter: unknown, names: readonly Name[], note: Note): void {
  for (const name of names) {
    ;(emitter as Emitter<Name>).on(name, (...values) =>
      note([
        name,
        ...values.map((value) => (value instanceof Error ? describeError(value) : structuredClone(value))),
      ]),
    )
  }
}
