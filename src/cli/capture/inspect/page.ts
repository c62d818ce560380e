import type { ChalkInstance } from 'chalk'
import { printable, printableJson } from '../../../core/printable.ts'
import type { Output } from './output.ts'

/** Severities, and what is beside the point or worth a look. */
export type Tone = 'error' | 'warn' | 'note' | 'info' | 'plain' | 'dim' | 'bold'

/** What a section is printed on: lines for people, or JSON Lines. */
export class Page {
  readonly isJson: boolean
  /** Columns; in a pipe infinite. */
  readonly width: number
  readonly #chalk: ChalkInstance
  readonly #output: Output
  readonly #isFirst: () => boolean
  #begun = false

  constructor(
    output: Output,
    settings: { isJson: boolean; width: number; chalk: ChalkInstance; isFirst: () => boolean },
  ) {
    this.isJson = settings.isJson
    this.width = settings.width
    this.#chalk = settings.chalk
    this.#output = output
    this.#isFirst = settings.isFirst
  }

  /** The section's heading, with an empty line above where something stands before it. */
  heading(text: string): void {
    if (this.isJson || this.#begun) return
    this.#begun = true
    if (!this.#isFirst()) this.line()
    this.line(text, 'bold')
  }

  /** Whatever a section forgot: nothing that a terminal obeys gets past here, but for our colours. */
  line(text = '', tone: Tone = 'plain'): void {
    this.#output.write(`${this.#paint(printable(text), tone)}\n`)
  }

  /** One object a line; `kind` tells objects of different sections apart. */
  data(kind: string, value: object): void {
    this.#output.write(`${printableJson({ kind, ...value })}\n`)
  }

  #paint(text: string, tone: Tone): string {
    if (text === '') return text
    switch (tone) {
      case 'error':
        return this.#chalk.red(text)
      case 'warn':
        return this.#chalk.yellow(text)
      case 'note':
        return this.#chalk.cyan(text)
      case 'dim':
        return this.#chalk.dim(text)
      case 'bold':
        return this.#chalk.bold(text)
      default:
        return text
    }
  }
}
