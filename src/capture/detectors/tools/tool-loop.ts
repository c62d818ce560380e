import type { ToolCallPart, ToolResultPart } from '../../../core/call.ts'
import { parsedJson } from '../../view/raw-event.ts'
import { canonicalJson } from '../canonical.ts'
import type { Detector, Finding, Severity, Subject } from '../detector.ts'
import { isGeneration } from '../generation.ts'
import { callsOfAnswer, latestToolTurns, type ToolTurn } from './tool-turns.ts'

/** Reference §4.2, 57: the model calls the same tool with the same arguments turn after turn. */
export const toolLoop: Detector = {
  code: 'tool_loop',
  severity: 'error',
  summary: 'The model made the same tool call in turn after turn',
  *find(subject) {
    if (isGeneration(subject.exchange)) yield* loopIn(subject)
  },
}

interface Run {
  call: ToolCallPart
  turns: number
  results: Set<string>
  /** Turns whose results are known. */
  answered: number
}

function* loopIn(subject: Subject): Iterable<Finding> {
  const turns = latestToolTurns(subject)
  const { toolLoopTurns } = subject.thresholds
  if (turns.length + 1 < toolLoopTurns) return
  const answer: ToolTurn = { calls: callsOfAnswer(subject), results: [] }
  // An answer that does something else ends a loop that went on until now.
  const run = longest([...runsOf([...turns, answer]), ...runsOf(turns)])
  if (!run || run.turns < toolLoopTurns) return
  const isSameResult = run.answered >= 2 && run.results.size === 1
  yield {
    severity: severityOf(run.turns / toolLoopTurns, isSameResult),
    fault: 'backend',
    leg: 'CTP',
    description: `The model called ${run.call.name || 'a tool'} with the same arguments in ${run.turns} turns in a row${isSameResult ? ', and got the same result each time' : ''}.`,
    evidence: { tool: run.call.name, turns: run.turns, differentResults: run.results.size },
    hint: 'Stop the agent, or tell it in its next message that it repeats itself; a tool that says what is wrong helps most.',
  }
}

function runsOf(turns: readonly ToolTurn[]): Run[] {
  return (turns.at(-1)?.calls ?? []).map((call) => runOf(call, turns))
}

function longest(runs: readonly Run[]): Run | undefined {
  return [...runs].sort((a, b) => b.turns - a.turns)[0]
}

/** By the rule: 3 turns a note, 5 a warning, 10 an error, each a level higher where nothing ever changed. */
function severityOf(times: number, isSameResult: boolean): Severity {
  const levels: readonly Severity[] = ['note', 'warn', 'error', 'error']
  const level = times >= 10 / 3 ? 2 : times >= 5 / 3 ? 1 : 0
  return levels[level + (isSameResult ? 1 : 0)] ?? 'error'
}

/** How many of the latest turns have the same call among theirs. */
function runOf(call: ToolCallPart, turns: readonly ToolTurn[]): Run {
  const wanted = argumentsOf(call)
  const run: Run = { call, turns: 0, results: new Set(), answered: 0 }
  for (let at = turns.length - 1; at >= 0; at--) {
    const turn = turns[at]
    const same = turn?.calls.find((one) => one.name === call.name && isAlike(one, call, wanted))
    if (!turn || !same) break
    run.turns++
    const result = turn.results.find(({ callId }) => callId === same.id)
    if (!result) continue
    run.answered++
    run.results.add(textOf(result))
  }
  return run
}

function isAlike(one: ToolCallPart, other: ToolCallPart, wanted: string): boolean {
  return one.arguments === other.arguments || argumentsOf(one) === wanted
}

function argumentsOf({ arguments: text }: ToolCallPart): string {
  const json = parsedJson(text)
  return json === undefined ? text : canonicalJson(json)
}

function textOf({ content }: ToolResultPart): string {
  return content.map((part) => (part.type === 'text' ? part.text : part.type)).join('\n')
}
