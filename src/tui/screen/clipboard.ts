/** Has the terminal put a text on the clipboard (OSC 52), which works over ssh as well. */
export function copySequence(text: string): string {
  return `\u001b]52;c;${Buffer.from(text).toString('base64')}\u0007`
}
