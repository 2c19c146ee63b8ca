// Bounds the work of an evaluation. Policies and requests are of bounded size, but every pattern may have to be
// compared with every value of a key, so the work grows with their product. It is counted in steps, so that the same
// request is refused on a slow and on a fast machine.
import { limits } from './limits.ts'

/** The steps of the evaluation that is under way, or of the latest one. A step is the comparison of two short texts. */
export interface Work {
  steps: number
}

/** An evaluation takes more than `limits.steps`. What cannot be decided is not allowed. */
export class TooMuchWork extends Error {
  override readonly name = 'TooMuchWork'
}

/** Counts steps before they are taken. Throws TooMuchWork. */
export function charge(work: Work, steps: number): void {
  work.steps += steps
  if (work.steps > limits.steps.max) throw new TooMuchWork(`an evaluation takes more than ${limits.steps.max} steps`)
}

/** Characters that are read in about the time of a step. */
export const CHARACTERS_A_STEP = 64

/**
 * Steps of searching a text for a pattern with wildcards: at worst each character of the text is compared with 32
 * characters of the pattern at once (glob.ts).
 */
export const searchSteps = (pattern: number, text: number): number =>
  Math.ceil((pattern + text * Math.ceil(pattern / 32)) / 16)
