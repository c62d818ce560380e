import { BlockWriter } from './block-writer.ts'
import type { Section } from './sections.ts'

/** What is kept at most behind a block that does not end, in characters, and what each section counts besides. */
const maxHeld = 1 << 20
const perSection = 64

/**
 * The blocks of a stream in the order in which they began. Blocks are written one after the other, so only the
 * first is written as it comes; the others wait until it is finished.
 */
export class SectionLine {
  readonly #blocks = new BlockWriter()
  #sections: Section[] = []
  #held = 0

  get last(): Section | undefined {
    return this.#sections.at(-1)
  }

  /** Of the sections that have not been closed. */
  findLast<Kind extends Section>(fits: (section: Section) => section is Kind): Kind | undefined {
    return this.#sections.findLast(fits)
  }

  append(section: Section): void {
    this.#sections.push(section)
    this.#held += perSection
  }

  /** Something has come for a section. */
  grew(section: Section, length: number): void {
    if (section !== this.#sections[0]) this.#held += length
  }

  write(): string {
    let written = ''
    for (let first = this.#sections[0]; first !== undefined; first = this.#sections[0]) {
      written += first.write(this.#blocks)
      const mayClose = this.#sections.length > 1 && (first.finished || this.#held > maxHeld)
      if (!mayClose) break
      written += this.#closeFirst(first)
    }
    return written
  }

  close(): string {
    return this.#sections
      .splice(0)
      .map((section) => section.close(this.#blocks))
      .join('')
  }

  #closeFirst(first: Section): string {
    this.#sections.shift()
    if (this.#sections.length < 2) this.#held = 0
    return first.close(this.#blocks)
  }
}
