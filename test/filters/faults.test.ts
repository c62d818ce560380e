import { describe, expect, it } from 'vitest'
import { compileFilter } from '../../src/filters/compile.ts'
import { thing } from './a-subject.ts'

function faultOf(filter: string): string {
  try {
    compileFilter(filter, thing)
  } catch (error) {
    return (error as Error).message
  }
  return 'none'
}

describe('a filter that is wrong', () => {
  it('is answered with the place and the nearest name', () => {
    expect(faultOf('~u chat & statsu>=500')).toBe(
      [
        'a thing has no "statsu"; did you mean status?',
        '    ~u chat & statsu>=500',
        '              ^^^^^^',
      ].join('\n'),
    )
  })

  it('is answered with all names where none is near', () => {
    expect(faultOf('weather=fine')).toBe(
      [
        'a thing has no "weather"',
        '    weather=fine',
        '    ^^^^^^^',
        '  numbers: status, ttft, tokens, cost, bytes',
        '  texts: id, url, body, tool, outcome, backend',
      ].join('\n'),
    )
  })

  it('is told what can be asked instead of what cannot', () => {
    expect(faultOf('~e ~h cookie')).toBe(
      [
        '~h cannot be asked of a thing; it has no header',
        '    ~e ~h cookie',
        '       ^^',
        // Between words, for narrow terminals.
        '  can be asked: ~all, ~b PATTERN, ~c CODE, ~e, ~u PATTERN, ~x ID,',
        '    ~backend PATTERN, ~tool PATTERN',
      ].join('\n'),
    )
  })

  it.each([
    ['', /^the filter is empty; ~all matches everything/],
    [' \n', /^the filter is empty/],
    ['""', /^an empty word is in every column; write ~all/],
    ['()', /^something is missing before \): a word, ~OPERATOR or NAME>VALUE\n/],
    ['(a', /^this \( is never closed\n {4}\(a\n {4}\^$/],
    ['a)', /^this \) closes nothing\n {4}a\)\n {5}\^$/],
    ['a &', /^the filter ends where something is expected/],
    ['a & | b', /^something is missing before \|/],
    ['!', /^the filter ends where/],
    ['"a', /^the quote " is never closed/],
    ['~u', /^~u needs something to look for: ~u PATTERN\n/],
    ['~u (a|b)', /^~u needs something to look for; with \( \) or ~ in it, in quotes/],
    ['~u a(b)', /^"\(" cannot stand there; put it in quotes/],
    ['~u a"b c"', /^"\\"" cannot stand there; put it in quotes/],
    ['~u chat|~u models', /^"~" cannot stand there; put it in quotes/],
    ['~u chat| models', /cannot begin or end with & or \|; put a space there/],
    ['chat(a)', /^"\(" cannot stand there; put a space between, or quotes around it all/],
    ['a!b', /^"!" cannot stand there/],
    ['"a"b', /^"b" cannot stand there; put a space between/],
    ['~e~c 200', /^"~" cannot stand there/],
    ['~c200', /^there is no operator "~c200"; did you mean ~c 200\?/],
    ['~tool=Bash', /^put a space after ~tool\n {4}~tool=Bash\n {9}\^$/],
    ['~modle x', /^there is no operator "~modle"; did you mean ~model\?/],
    ['~zz x', /^there is no operator "~zz"\n.*\n.*\n {2}operators: ~all, ~b, /],
    ['~c 5xx', /^~c takes one status, 100 to 599; a range is \(status>=500 & status<600\)/],
    ['~c 700', /^~c takes one status/],
    ['~u "a(b"', /^this is no pattern: missing closing \)\n/],
    ['~u (?=a)', /in it, in quotes/],
    ['~u "(?=a)"', /^this is no pattern: .*RE2 has no look-ahead and no back-references/],
    [String.raw`~u (a)\1`, /in it, in quotes/],
    [String.raw`~u "(a)\\1"`, /^this is no pattern: .*no back-references/],
    ['~u a{1000}', /^the patterns are too large together/],
    [`~u ${'a'.repeat(1_001)}`, /^a pattern has at most 1000 characters/],
    ['ttft>', /^a value is missing after >; the signs are > >= < <= = !=/],
    ['ttft=>2s', /^a value is missing after =/],
    ['ttft>>2s', /^a value is missing after >/],
    ['=2', /^something is missing before =/],
    ['ttft>2', /^"2" is no duration; write 250ms, 2s, 1m30s or 1h\n/],
    ['ttft>2d', /^"2d" is no duration/],
    ['tokens>1mb', /^"1mb" is no number; write 250, 1.5k or 2M\n/],
    ['bytes>1tb', /^"1tb" is no size; write 250, 48kb, 1.5mb or 2MiB\n/],
    ['tokens > 100 k', /^put no space between a number and its unit: 100k\n.*\n {13}\^{5}$/],
    ['(bytes>1.5 MB)', /^put no space .*: 1.5MB\n/],
    ['ttft>2 s & ~e', /^put no space .*: 2s\n/],
    ['~backend dstant', /^no backend is like "dstant"; did you mean distant\?\n/],
    ['~backend x', /^no backend is like "x"\n.*\n.*\n {2}it is one of: near, distant$/],
    ['status=5xx', /^"5xx" is no number\n/],
    ['cost>0,10', /^"0,10" is no amount of dollars; write 0.10 or \$2\n/],
    ['cost>1e9', /^"1e9" is no amount/],
    ['outcome=god', /^outcome is never "god"; did you mean good\?\n.*\n.*\n {2}it is one of: good, bad$/],
    ['outcome=x*', /^outcome is never "x\*"/],
    ['outcome>good', /^outcome is a text: it can be compared with = and != only/],
  ])('%j', (filter, message) => {
    expect(faultOf(filter)).toMatch(message)
  })

  it('shows what is around the place, where it is long, and nothing that moves the cursor', () => {
    const [what, shown = '', carets = ''] = faultOf(
      `${'word '.repeat(50)}\u001b[2J csot=1 ${'word '.repeat(50)}`,
    ).split('\n')
    expect(what).toBe('a thing has no "csot"; did you mean cost?')
    expect(shown).toMatch(/^ {4}…[\w ]+␛\[2J csot=1 [\w ]+…$/)
    expect(shown.length).toBeLessThan(76)
    expect(shown.slice(carets.indexOf('^'), carets.length)).toBe('csot')
  })

  it('marks the place under wide letters too', () => {
    expect(faultOf('"日本" nme=1').split('\n').at(2)).toBe('           ^^^')
  })
})
