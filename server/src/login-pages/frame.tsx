// What every login page has: the document, its headers, its form token. No page needs a script, but for passkeys.
// docs/reference/oauth-and-federation.md 9, 25.
import { randomBytes } from 'node:crypto'
import { type Child, createContext, useContext } from 'hono/jsx'
import type { PageKind } from '../cognito-idp/branding/client-looks.ts'
import { cookieHeader } from '../http/cookies.ts'
import { CSRF_COOKIE, CSRF_FIELD, isOwnForm } from '../http/csrf.ts'
import { textResponse } from '../http/text-response.ts'
import { isSecure } from '../oauth/browser-session.ts'
import type { PoolRequest } from '../oauth/endpoint.ts'
import { Document } from './document.tsx'
import { LANGUAGE_COOKIE, type Language, languageOf } from './languages.ts'
import type { Graphic } from './looks/look.ts'
import { lookOf } from './looks/looks.ts'

/** What the parts of a page know. */
export interface Frame {
  readonly request: PoolRequest
  readonly language: Language
  /** The token of the page's forms and of their cookie. */
  readonly csrf: string
  /** Of the page's own style and script (CSP 3). */
  readonly nonce: string
  /** Where the answer to a form may redirect to, beside this origin: the application. */
  readonly redirectUri: string | undefined
}

export function openFrame(request: PoolRequest, redirectUri?: string): Frame {
  const kept = request.cookies.get(CSRF_COOKIE) ?? ''
  return {
    request,
    language: languageOf(request),
    csrf: /^[\w-]{22,64}$/.test(kept) ? kept : randomBytes(16).toString('base64url'),
    nonce: randomBytes(16).toString('base64url'),
    redirectUri,
  }
}

/** Whether the form of a request is one of this pool's pages. */
export const isOwnPost = ({ form, cookies, header, hosts }: PoolRequest): boolean =>
  isOwnForm({ hosts, header, cookie: cookies.get(CSRF_COOKIE), field: form.get(CSRF_FIELD) })

export interface Shown {
  readonly title: string
  readonly body: Child
  readonly status?: number
  /** The one script of the page; no other runs. */
  readonly script?: string | undefined
  /** What the picture above the title is about, where a style has one. */
  readonly graphic?: Graphic | undefined
  /** Rules of CSS beside those of every page. */
  readonly styles?: string
}

/** The answer that shows a page. No cache keeps it, no other site may frame it, and nothing is loaded from elsewhere. */
export function show(frame: Frame, { title, body, status = 200, script, graphic, styles = '' }: Shown): Response {
  const { request, language, csrf } = frame
  const document = (
    <Kind.Provider value={request.pages}>
      <Document
        frame={frame}
        look={lookOf(request)}
        title={title}
        body={body}
        graphic={graphic}
        script={script}
        styles={styles}
      />
    </Kind.Provider>
  )
  const response = textResponse(`<!doctype html>${document}`, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache, no-store, max-age=0, must-revalidate',
      'content-security-policy': policyOf(frame, script !== undefined),
      'x-frame-options': 'DENY',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      // Browsers send `Origin: null` with the forms of a page that has the policy no-referrer.
      'referrer-policy': 'same-origin',
      ...(isSecure(request) && { 'strict-transport-security': 'max-age=31536000; includeSubDomains' }),
    },
  })
  const place = { path: request.path || '/', secure: isSecure(request) }
  response.headers.append('set-cookie', cookieHeader({ name: CSRF_COOKIE, value: csrf, ...place }))
  if (language.chosen)
    response.headers.append(
      'set-cookie',
      cookieHeader({ name: LANGUAGE_COOKIE, value: language.code, maxAge: 31_536_000, ...place }),
    )
  return response
}

/** A browser applies form-action to the redirects after a form, too, so the application's origin or scheme is in it. */
function policyOf({ nonce, redirectUri }: Frame, withScript: boolean): string {
  // A page of ours, at the end of the sign-in on a device, is a path.
  const app = redirectUri === undefined || redirectUri.startsWith('/') ? '' : ` ${sourceOf(redirectUri)}`
  const script = withScript ? ` script-src 'nonce-${nonce}';` : ''
  return `default-src 'none';${script} style-src 'nonce-${nonce}'; img-src 'self' data:; form-action 'self'${app}; base-uri 'none'; frame-ancestors 'none'`
}

function sourceOf(redirectUri: string): string {
  const { protocol, origin } = new URL(redirectUri)
  return protocol === 'http:' || protocol === 'https:' ? origin : protocol
}

/** A form that posts to an endpoint of the pool, with the authorization request in its query. */
export function Form({ frame, to, children }: { frame: Frame; to: string; children?: Child }) {
  return (
    <form method="post" action={actionOf(frame, to)}>
      <input type="hidden" name={CSRF_FIELD} value={frame.csrf} />
      {children}
    </form>
  )
}

function actionOf({ request: { path, query } }: Frame, to: string): string {
  const text = query.toString()
  return `${path}${to}${text === '' ? '' : `?${text}`}`
}

/** A link to another page, which takes the authorization request along. */
export function PageLink({
  frame,
  to,
  children,
  class: name,
}: {
  frame: Frame
  to: string
  children?: Child
  class?: string
}) {
  const { path, query } = frame.request
  return (
    <a class={name ?? 'quiet redirect-customizable'} href={`${path}${to}?${query}`}>
      {children}
    </a>
  )
}

export function BackToSignIn({ frame }: { frame: Frame }) {
  return (
    <p class="below">
      <PageLink frame={frame} to="/login">
        {frame.language.words.back}
      </PageLink>
    </p>
  )
}

export function Message({ text, kind = 'error' }: { text: string | undefined; kind?: 'error' | 'note' }) {
  if (text === undefined) return null
  const isError = kind === 'error'
  return (
    <p
      class={`message ${kind}${isError ? ' errorMessage-customizable' : ''}`}
      id={isError ? 'loginErrorMessage' : undefined}
      role={isError ? 'alert' : 'status'}
    >
      {text}
    </p>
  )
}

/** Sends the form to another page than its own, whatever is left empty in it. */
export function OtherSubmit({ frame, to, children }: { frame: Frame; to: string; children?: Child }) {
  return (
    <button type="submit" formaction={actionOf(frame, to)} formnovalidate class="choice other">
      {children}
    </button>
  )
}

/** Which pages these are, for parts of them that nothing else is told. */
const Kind = createContext<PageKind>('managed')

/** A button as scripts look for it: an input on the classic pages (docs/reference/oauth-and-federation.md 4.3). */
export function Submit({ children }: { children: string }) {
  const look = 'submit submitButton-customizable'
  if (useContext(Kind) === 'classic')
    return <input type="submit" name="signInSubmitButton" class={look} value={children} />
  return (
    <button type="submit" name="signInSubmitButton" class={look}>
      {children}
    </button>
  )
}

interface FieldProps {
  name: string
  label: string
  id?: string
  type?: 'text' | 'password' | 'email' | 'tel' | 'url' | 'date'
  autocomplete: string
  value?: string | undefined
  inputmode?: 'numeric' | 'email' | 'tel'
  class?: string
  /** `words` for names of people. */
  autocapitalize?: 'none' | 'words'
  autofocus?: boolean
  required?: boolean
  /** Of a field for a text of several lines. */
  lines?: number
  /** Beside the label. */
  aside?: Child
  hint?: string
  placeholder?: string
  /** The id of what else is said about the field. */
  describedBy?: string
}

export function Field(props: FieldProps) {
  const { name, label, id = name, type = 'text', aside, hint, class: extra, lines, describedBy, ...more } = props
  const { value, ...attributes } = {
    id,
    name,
    required: true,
    class: `text inputField-customizable${extra ? ` ${extra}` : ''}`,
    autocapitalize: 'none' as const,
    spellcheck: false,
    dir: isLeftToRight(props) ? ('ltr' as const) : undefined,
    'aria-describedby': [hint && `${id}-hint`, describedBy].filter(Boolean).join(' ') || undefined,
    ...more,
  }
  return (
    <div class="field">
      <label for={id} class="label-customizable">
        {label}
      </label>
      {lines === undefined ? (
        <input type={type} value={value} {...attributes} />
      ) : (
        <textarea rows={lines} {...attributes}>
          {value}
        </textarea>
      )}
      {/* Shown beside the label, and reached after the field. */}
      {aside && <div class="aside">{aside}</div>}
      {hint ? (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      ) : null}
    </div>
  )
}

/** Addresses, numbers and codes, also in languages that are written from the right. */
const isLeftToRight = ({ type, inputmode }: FieldProps): boolean =>
  inputmode !== undefined || type === 'email' || type === 'tel' || type === 'url'
