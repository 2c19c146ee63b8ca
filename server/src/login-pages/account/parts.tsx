// What the pages of a user's account have in common: the document, rows of a list, a button that posts, a date.
import type { Child } from 'hono/jsx'
import type { PoolRequest } from '../../oauth/endpoint.ts'
import { ACCOUNT_PAGE } from '../../oauth/own-pages.ts'
import { type AccountProblem, problemText } from '../account-problem.ts'
import { Form, type Frame, isOwnPost, Message, openFrame, PageLink, show } from '../frame.tsx'
import type { Words } from '../languages/en.ts'
import { accountStyles } from '../style.ts'

/** What is said of the form that came before. */
export interface Said {
  /** What went wrong, in words for people. */
  readonly message?: string | undefined
  /** What was done. */
  readonly note?: keyof Words | undefined
  readonly status?: number | undefined
}

interface PageProps {
  readonly title: keyof Words
  readonly said: Said
  readonly body: (frame: Frame) => Child
  readonly script?: string
}

/** A page below the first one, which it leads back to. */
export function accountPage(request: PoolRequest, { title, said, body, script }: PageProps): Response {
  const frame = openFrame(request)
  const { words } = frame.language
  const { message, note, status = message === undefined ? 200 : 400 } = said
  const whole = (
    <>
      <h1>{words[title]}</h1>
      <Message text={message} />
      <Message text={note && words[note]} kind="note" />
      {body(frame)}
      <p class="below">
        <PageLink frame={frame} to={ACCOUNT_PAGE}>
          {words.backToAccount}
        </PageLink>
      </p>
    </>
  )
  return show(frame, { title: words[title], body: whole, status, script, styles: accountStyles })
}

/** What is said of a form that is none of these pages'. */
export function foreignForm(request: PoolRequest): Said | undefined {
  return isOwnPost(request) ? undefined : { message: openFrame(request).language.words.formExpired, status: 403 }
}

/** What is said of a refusal. */
export const saidOf = (request: PoolRequest, problem: AccountProblem): Said => ({
  message: problemText(openFrame(request).language.words, problem),
})

interface RowProps {
  title: Child
  /** Lines of details; those that are undefined are left out. */
  about?: readonly (Child | undefined)[]
  children?: Child
}

/** An entry of a list, with its buttons. Numbers and addresses are written from the left in every language. */
export function Row({ title, about = [], children }: RowProps) {
  return (
    <li class="row">
      <div>
        <p class="row-title">
          <bdi>{title}</bdi>
        </p>
        {about.map((line) =>
          line ? (
            <p class="hint">
              <bdi>{line}</bdi>
            </p>
          ) : null,
        )}
      </div>
      {children}
    </li>
  )
}

interface ButtonProps {
  frame: Frame
  to: string
  fields: Readonly<Record<string, string>>
  /** Whom it is about, for those who do not see what it stands beside. */
  about: string
  children: string
}

/** A form of one button. */
export function RowButton({ frame, to, fields, about, children }: ButtonProps) {
  return (
    <Form frame={frame} to={to}>
      {Object.entries(fields).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <button type="submit" class="small" aria-label={`${children}: ${about}`}>
        {children}
      </button>
    </Form>
  )
}

/** A day in the language of the page; `withTime` adds the time. In UTC, as nothing is known of the user's clock. */
export function When({ frame, at, withTime = false }: { frame: Frame; at: number; withTime?: boolean }) {
  const style = withTime ? ({ dateStyle: 'medium', timeStyle: 'short' } as const) : ({ dateStyle: 'medium' } as const)
  const text = new Intl.DateTimeFormat(frame.language.code, { ...style, timeZone: 'UTC' }).format(at)
  return <time datetime={new Date(at).toISOString()}>{withTime ? `${text} UTC` : text}</time>
}
