import { describe, expect, it } from 'vitest'
import { readCsv } from '../../../../src/usage/reconcile/invoice/csv.ts'
import { piecesOf } from './read.ts'

async function read(text: string | Buffer) {
  const { header, delimiter, rows } = await readCsv(piecesOf(Buffer.from(text as string)))
  const all: [number, ...string[]][] = []
  for await (const { cells, line } of rows) all.push([line, ...cells])
  return { header, delimiter, rows: all }
}

describe('a CSV file', () => {
  it.each([
    ['commas', 'a,b\n1,2\n', ','],
    ['semicolons', 'a;b\n1;2\n', ';'],
    ['tabs', 'a\tb\n1\t2\n', '\t'],
    ['semicolons, with commas in a quoted name', '"a,b,c,d";b\n1;2\n', ';'],
  ])('parted by %s is read so', async (_, text, delimiter) => {
    const file = await read(text)
    expect(file.delimiter).toBe(delimiter)
    expect(file.rows).toEqual([[2, '1', '2']])
  })

  it.each([
    ['\n', 'LF'],
    ['\r\n', 'CRLF'],
    ['\r', 'CR'],
  ])('with the line ends %j is read the same', async (end) => {
    const { rows } = await read(['a,b', '1,"x, ""y"""', '', '3,4'].join(end))
    expect(rows.map(([, ...cells]) => cells)).toEqual([
      ['1', 'x, "y"'],
      ['3', '4'],
    ])
  })

  it('may have both kinds of line ends, and line ends within quotes', async () => {
    const { rows } = await read('a,b\r\n1,"x\ny"\n\n3,4\r\n')
    expect(rows).toEqual([
      [3, '1', 'x\ny'],
      [5, '3', '4'],
    ])
  })

  it.each([
    ['UTF-8 with a mark', Buffer.from('\ufeffa,b\n1,é\n')],
    ['UTF-16 as spreadsheets save it', Buffer.from('\ufeffa,b\n1,é\n', 'utf16le')],
  ])('in %s is read without the mark', async (_, bytes) => {
    expect(await read(bytes)).toMatchObject({ header: ['a', 'b'], rows: [[2, '1', 'é']] })
  })

  it('may have empty fields too many at the end of a line', async () => {
    expect((await read('a,b\n1,2,,\n')).rows).toEqual([[2, '1', '2', '', '']])
  })

  it.each([
    ['', 'the file is empty'],
    [' \n\n', 'the file is empty'],
    ['a,b\n1,2\n3\n', 'line 3 has 1 fields where the header has 2'],
    ['a,b\n1,2\n3,4,5\n', 'line 3 has 3 fields where the header has 2'],
    ['a,b\n1,2\n"3,4\n5,6\n', 'a quote is opened near line 3 and never closed'],
    ['a,b\n1,"2"x\n', 'line 2: there is text behind a closing quote'],
    ['a,b\n1,2"x"\n', 'line 2: there is a quote within a field that has none around it'],
    [`a,b\n1,"${'x'.repeat(1_100_000)}`, /line 2 is longer than a megabyte/],
  ])('that is broken is refused with its line: %#', async (text, message) => {
    await expect(
      readCsv(piecesOf(Buffer.from(text), 65_536)).then(async ({ rows }) => {
        for await (const _ of rows);
      }),
    ).rejects.toMatchObject({ name: 'ReconcileFault', code: 'file', message: expect.stringMatching(message) })
  })
})
