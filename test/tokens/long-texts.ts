const length = 200_000

/** Texts of 200,000 UTF-16 units that cost a tokenizer most: few of them have an end of a word. */
export const longTexts: Record<string, string> = {
  'one letter': 'a'.repeat(length),
  'random letters': randomText('abcdefghijklmnopqrstuvwxyz'),
  'random Chinese': randomText(String.fromCharCode(...range(0x4e00, 0x6000))),
  base64: randomText('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'),
  spaces: ' '.repeat(length),
  'punctuation and marks': randomText('!?\u0301\u0302'),
  emoji: '😀'.repeat(length / 2),
  'halves of surrogate pairs': '\ude00\ud83d'.repeat(length / 2),
}

/** The same text each time: a linear congruential generator, its upper bits. */
function randomText(alphabet: string): string {
  let state = 1
  const letters = range(0, length).map(() => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff
    return alphabet.charAt((state >> 8) % alphabet.length)
  })
  return letters.join('')
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index)
}
