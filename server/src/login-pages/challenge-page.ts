// What a challenge has on the pages: a view, and how its form becomes the answer. Each is a file in challenges/, and a row in
// challenge-pages.ts.
import type { Child } from 'hono/jsx'
import type { Context } from '../context.ts'
import type { Parameters } from '../http/forms.ts'
import type { AuthorizationRequest } from '../oauth/authorize/read-request.ts'
import type { PoolRequest } from '../oauth/endpoint.ts'
import type { Frame } from './frame.tsx'
import type { Words } from './languages/en.ts'
import type { Graphic } from './looks/look.ts'
import type { Pending, Taken } from './sign-in.tsx'

export interface ChallengePage {
  /** The path that its form is posted to. */
  readonly path: string
  readonly title: (pending: Pending) => keyof Words
  /** What it is about, for styles that have a picture of it. */
  readonly graphic?: (pending: Pending) => Graphic | undefined
  /** The fields, with the button. */
  readonly fields: (frame: Frame, pending: Pending) => Child
  /** ChallengeResponses without USERNAME. */
  readonly answers: (form: Parameters, pending: Pending) => Record<string, string>
  /** What is said of an answer that is malformed, where the API's words are not for people. */
  readonly malformed?: keyof Words
  /** Whether a code was sent, which may be sent again. */
  readonly sends?: boolean
  /** The page's script. Without it other ways to sign in have to do. */
  readonly script?: string
  /** Called once when the challenge comes, before the page is shown. */
  readonly prepare?: (
    context: Context,
    request: PoolRequest,
    asked: AuthorizationRequest,
    pending: Pending,
  ) => Promise<Taken>
  /** What the form asks for that is not yet the answer to the challenge; undefined where it is the answer. */
  readonly act?: (
    context: Context,
    request: PoolRequest,
    asked: AuthorizationRequest,
    pending: Pending,
  ) => Promise<Taken> | undefined
}
