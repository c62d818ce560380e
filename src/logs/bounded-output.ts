import type { Writable } from 'node:stream'

/** More than this waiting means that whoever reads the log has stopped. */
const maxWaitingBytes = 1 << 20

/**
 * Writes log lines to a stream that may stop being read (`| less`). Then lines are dropped rather than kept
 * without limit, and how many is said as soon as there is room; `lostLine` makes that line.
 */
export function boundedOutput(
  stream: Pick<Writable, 'write' | 'writableLength'>,
  lostLine: (count: number) => string,
): (line: string) => void {
  let lost = 0
  return (line) => {
    if (stream.writableLength > maxWaitingBytes) {
      lost += 1
      return
    }
    if (lost > 0) stream.write(lostLine(lost))
    lost = 0
    stream.write(line)
  }
}
