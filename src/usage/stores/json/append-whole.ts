import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeFileSync } from 'node:fs'

const newline = 0x0a

/**
 * Appends lines, all or none: a disk that fills in the middle must leave no half line for the next to be glued to. A
 * half line of a process that was killed is ended first. Returns the offset of their beginning.
 */
export function appendWhole(path: string, lines: string): number {
  const file = openSync(path, 'a+', 0o600)
  try {
    const { size } = fstatSync(file)
    try {
      const isCut = !endsWithLine(file, size)
      writeFileSync(file, isCut ? `\n${lines}` : lines)
      return isCut ? size + 1 : size
    } catch (error) {
      ftruncateSync(file, size)
      throw error
    }
  } finally {
    closeSync(file)
  }
}

function endsWithLine(file: number, size: number): boolean {
  if (size === 0) return true
  const last = Buffer.alloc(1)
  readSync(file, last, 0, 1, size - 1)
  return last[0] === newline
}
