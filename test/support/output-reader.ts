import { EventEmitter } from 'node:events'

/** A terminal or a pipe that a watch writes to; it ends when this is gone. */
export class OutputReader extends EventEmitter {
  text = ''
  readonly isTTY: boolean
  readonly columns: number
  readonly rows = 24

  constructor(isTTY: boolean, columns: number) {
    super()
    this.isTTY = isTTY
    this.columns = columns
  }

  write(text: string): boolean {
    this.text += text
    return true
  }

  leave(): void {
    this.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
  }
}
