// What a challenge has on the pages: a view, and how its form becomes the answer. Each is a file in challenges/, and a row in
// challenge-pages.ts.
import type { Child } from 'hono/jsx'
import type { Parameters } from '../http/forms.ts'
import type { Frame } from './frame.tsx'
import type { Words } from './languages/en.ts'
import type { Pending } from './sign-in.tsx'

export interface ChallengePage {
  /** The path that its form is posted to. */
  readonly path: string
  readonly title: keyof Words
  /** The fields, with the button. */
  readonly fields: (frame: Frame, pending: Pending) => Child
  /** ChallengeResponses without USERNAME. */
  readonly answers: (form: Parameters, pending: Pending) => Record<string, string>
}
