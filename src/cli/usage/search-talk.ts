import { countText } from '../numbers.ts'

const progressAfterMs = 1_000
const progressEveryMs = 200
/** From here on it is said how many were read: the answer took its time, and why is worth knowing. */
const manyLooked = 10_000

/** What is said of a search: how far it is, on a terminal after a second, and in the end what it read. */
export function searchTalk(
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>,
  say: (line: string) => void,
): { onPage: (looked: number) => void; end: (found: number, looked: number) => void } {
  let shownMs = Date.now() + progressAfterMs - progressEveryMs
  let shown = false
  return {
    onPage(looked) {
      if (stream.isTTY !== true || Date.now() - shownMs < progressEveryMs) return
      shownMs = Date.now()
      shown = true
      stream.write(`\r\u001b[Klooked through ${countText(looked)} exchanges`)
    },
    end(found, looked) {
      if (shown) stream.write('\r\u001b[K')
      if (looked === 0) say('no exchanges')
      else if (found === 0) say(`none of ${countText(looked)} exchanges matches the filter`)
      else if (looked >= manyLooked) say(`looked through ${countText(looked)} exchanges`)
    },
  }
}
