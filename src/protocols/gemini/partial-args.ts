import { isObject, type Json, type JsonObject } from '../../core/json.ts'
import { maxElementLength } from '../framing.ts'

/** Fits any answer; a list cannot be made to grow past what was sent for it. */
const maxPathSteps = 64

/**
 * Puts together the arguments of a function call that come in pieces (`partialArgs`: `{jsonPath, …Value}`, with
 * `willContinue` on strings that go on).
 */
export class PartialArgs {
  readonly #root: JsonObject = Object.create(null)
  #goingOn = ''
  #length = 0

  get json(): string {
    return JSON.stringify(this.#root)
  }

  /** False when the piece cannot be placed. */
  add(piece: Json): boolean {
    if (!isObject(piece) || typeof piece.jsonPath !== 'string') return false
    const value = scalarOf(piece)
    this.#length += piece.jsonPath.length + (typeof value === 'string' ? value.length : 0)
    const steps = this.#length > maxElementLength ? undefined : pathSteps(piece.jsonPath)
    if (steps === undefined) return false
    const appends = this.#goingOn === piece.jsonPath
    this.#goingOn = piece.willContinue === true ? piece.jsonPath : ''
    return place(this.#root, steps, value, appends)
  }
}

function scalarOf(piece: JsonObject): Json {
  const value = piece.stringValue ?? piece.numberValue ?? piece.boolValue ?? null
  return typeof value === 'object' ? null : value
}

/** `$.a.b[0]['c d']` as keys and indices; undefined for anything else. */
function pathSteps(path: string): (string | number)[] | undefined {
  if (!path.startsWith('$')) return undefined
  const steps: (string | number)[] = []
  const step = /\.([^.[\]]+)|\[(\d{1,6})\]|\['([^']*)'\]|\["([^"]*)"\]/y
  step.lastIndex = 1
  while (step.lastIndex < path.length) {
    const found = step.exec(path)
    if (found === null || steps.length === maxPathSteps) return undefined
    const index = found[2]
    steps.push(index === undefined ? (found[1] ?? found[3] ?? found[4] ?? '') : Number(index))
  }
  return steps.length === 0 || typeof steps[0] === 'number' ? undefined : steps
}

function place(
  root: JsonObject,
  steps: readonly (string | number)[],
  value: Json,
  appends: boolean,
): boolean {
  let container: JsonObject | Json[] = root
  for (const [position, step] of steps.entries()) {
    if (!fits(container, step)) return false
    const known = read(container, step)
    const following = steps[position + 1]
    if (following === undefined) {
      write(
        container,
        step,
        appends && typeof known === 'string' && typeof value === 'string' ? known + value : value,
      )
      return true
    }
    const inner = typeof known === 'object' && known !== null ? known : emptyFor(following)
    if (inner !== known) write(container, step, inner)
    container = inner
  }
  return false
}

function emptyFor(step: string | number): JsonObject | Json[] {
  return typeof step === 'number' ? [] : Object.create(null)
}

/** An index must follow what the list has, or a short path could ask for a list of any length. */
function fits(container: JsonObject | Json[], step: string | number): boolean {
  if (Array.isArray(container)) return typeof step === 'number' && step <= container.length
  return typeof step === 'string'
}

function read(container: JsonObject | Json[], step: string | number): Json | undefined {
  if (Array.isArray(container)) return typeof step === 'number' ? container[step] : undefined
  return container[step]
}

function write(container: JsonObject | Json[], step: string | number, value: Json): void {
  if (!Array.isArray(container)) container[step] = value
  else if (typeof step === 'number') container[step] = value
}
