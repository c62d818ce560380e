import type { ShownPassage } from '../../../capture/inspect/exchange-detail.ts'
import { countText } from '../../numbers.ts'
import { bytesText } from './shown.ts'
import { indented, plain, type TonedLine, title } from './toned-lines.ts'

type ShownDifference = ShownPassage['differences'][number]

/** What differs between the legs, in words. */
export function passageLines(passages: readonly ShownPassage[], width: number): TonedLine[] {
  if (passages.length === 0) return []
  const ofSeveral = passages.some(({ attempt }) => attempt > 1)
  return [...title('Differences'), ...passages.flatMap((passage) => linesOf(passage, ofSeveral, width))]
}

function linesOf(passage: ShownPassage, ofSeveral: boolean, width: number): TonedLine[] {
  const { from, to, attempt, differences, found, missing } = passage
  const more = found - differences.length
  const names = `${from} → ${to}${ofSeveral ? `, attempt ${attempt}` : ''}`
  return [
    plain(`  ${names}: ${passageWords(passage)}`),
    ...differences.flatMap((difference) => indented(differenceWords(difference), 4, width)),
    ...(more > 0 ? [plain(`    and ${countText(more)} more`)] : []),
    ...(missing > 0 ? [plain(`    ${bytesText(missing)} are not in the capture: this may be wrong`)] : []),
  ]
}

function passageWords({ passage, bytesBefore, bytesAfter, differences }: ShownPassage): string {
  const sizes =
    bytesBefore === bytesAfter
      ? bytesText(bytesAfter)
      : `${bytesText(bytesBefore)} became ${bytesText(bytesAfter)}`
  switch (passage) {
    case 'verbatim':
      return differences.length === 0 ? `the same, ${sizes}` : `the same body, ${sizes}`
    case 'edited':
      return `edited, ${sizes}`
    case 'translated':
      return `translated to another protocol, ${sizes}${differences.length === 0 ? ', saying the same' : ''}`
  }
}

function differenceWords({ path, before, after }: ShownDifference): string {
  const where = path === '' ? 'the body' : path
  if (before === undefined) return `${where} was added: ${valueText(after)}`
  if (after === undefined) return `${where} was left out: ${valueText(before)}`
  return `${where}: ${valueText(before)} became ${valueText(after)}`
}

const longest = 120

function valueText(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}
