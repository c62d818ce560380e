import type { CaptureGap } from '../../capture/view/view.ts'
import { countText } from '../numbers.ts'
import { shellArgument } from './inspect/shown.ts'

/** Counts what of captures could not be read, to say it once in the end. */
export class GapNotes {
  #damaged = 0
  #lost = 0

  readonly note = ({ kind, records }: CaptureGap): void => {
    if (kind === 'loss') this.#lost += records
    // A run that was killed has no last word: nothing of it is missing for that.
    else if (kind !== 'not_closed') this.#damaged++
  }

  get damaged(): number {
    return this.#damaged
  }

  lines(file: string): string[] {
    const [places, records] = [this.#damaged, this.#lost]
    const verb = places === 1 ? 'place is' : 'places are'
    return [
      ...(places > 0
        ? [`${countText(places)} ${verb} damaged; which: llmproxy capture verify${shellArgument(file)}`]
        : []),
      ...(records > 0 ? [`${countText(records)} records were lost when it was recorded`] : []),
    ]
  }
}
