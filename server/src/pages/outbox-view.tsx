// The markup of /outbox. Not here: reading messages and routes (outbox-page.tsx), the frame of a page (page.tsx).
import type { CapturedMessage } from '../messages/outbox.ts'
import { Page } from './page.tsx'

/** Maximum number of messages on the page. */
export const SHOWN = 50
const REFRESH_SECONDS = 5

export interface OutboxViewProps {
  messages: CapturedMessage[]
  to: string | undefined
  refreshing: boolean
  sending: { email: boolean; sms: boolean }
  now: number
}

/** The whole page. */
export function OutboxView({ messages, to, refreshing, sending, now }: OutboxViewProps) {
  // An empty page reloads by itself to show the first message; with messages on it a reload would undo a text
  // selection.
  const reloads = refreshing || messages.length === 0
  const here = (refresh: boolean) => {
    const query = new URLSearchParams({ ...(to === undefined ? {} : { to }), ...(refresh ? { refresh: '1' } : {}) })
    return query.size === 0 ? '/outbox' : `/outbox?${query}`
  }
  return (
    <Page
      title={messages.length === 0 ? 'Outbox' : `Outbox (${messages.length})`}
      refreshSeconds={reloads ? REFRESH_SECONDS : undefined}
    >
      <p class="up">
        <a href="/">Cognomen</a>
      </p>
      <h1>Outbox</h1>
      <p class="lead">{lead(sending)}</p>
      <div class="bar">
        <form action="/outbox">
          <input
            type="search"
            name="to"
            value={to ?? ''}
            placeholder="E-mail or phone number"
            aria-label="Show messages to"
          />
          {refreshing ? <input type="hidden" name="refresh" value="1" /> : null}
          <button type="submit">Show</button>
        </form>
        <nav>
          {to === undefined ? null : <a href={refreshing ? '/outbox?refresh=1' : '/outbox'}>Show all</a>}
          <a href={here(refreshing)}>Refresh</a>
          {messages.length === 0 ? null : (
            <a href={here(!refreshing)}>{refreshing ? 'Stop refreshing' : 'Keep refreshing'}</a>
          )}
        </nav>
      </div>
      {messages.length === 0 ? <Empty to={to} /> : messages.map((message) => <Message message={message} now={now} />)}
      {messages.length === SHOWN ? <p class="lead">The {SHOWN} newest messages are shown.</p> : null}
    </Page>
  )
}

function lead({ email, sms }: OutboxViewProps['sending']): string {
  if (email && sms) return 'E-mail and SMS are sent for real; what was kept before is shown here.'
  if (email) return 'SMS that this development server kept instead of sending. E-mail is sent for real.'
  if (sms) return 'E-mail that this development server kept instead of sending. SMS is sent for real.'
  return 'Messages that this development server kept instead of sending.'
}

function Empty({ to }: { to: string | undefined }) {
  return (
    <div class="empty">
      <h2>{to === undefined ? 'No messages yet' : `No messages to ${to}`}</h2>
      <p>
        Sign up a user, or ask for a code: the message appears here at once. This page looks again every{' '}
        {REFRESH_SECONDS} seconds. To send e-mail for real, set <code>SMTP_URL</code>; for SMS, <code>SMS_URL</code> or{' '}
        <code>SNS_ENDPOINT</code>.
      </p>
    </div>
  )
}

const MEDIA: Readonly<Record<CapturedMessage['medium'], string>> = { EMAIL: 'E-mail', SMS: 'SMS', PUSH: 'Push' }

function Message({ message, now }: { message: CapturedMessage; now: number }) {
  const { id, medium, to, subject, body, code, createdAt, userPoolId, from, replyTo } = message
  const html = medium === 'EMAIL' && looksLikeHtml(body)
  const moment = new Date(createdAt).toISOString()
  return (
    <article>
      <header>
        <span class={medium === 'EMAIL' ? 'medium' : 'medium sms'}>{MEDIA[medium]}</span>
        <span class="to">{to}</span>
        <time datetime={moment} title={moment}>
          {age(now - createdAt)}
        </time>
      </header>
      {subject === undefined ? null : <h2>{subject}</h2>}
      {code === undefined ? null : (
        <p class="code">
          <code>{code}</code>
          <small>{/^\d+$/.test(code) ? 'code' : 'temporary password'}</small>
        </p>
      )}
      {html ? (
        <iframe src={`/outbox/${id}/body`} sandbox="" loading="lazy" title={`Message to ${to}`} />
      ) : (
        <p class="body">{body}</p>
      )}
      <details>
        <summary>Details</summary>
        <dl>
          <dt>Time</dt>
          <dd>{moment}</dd>
          <dt>User pool</dt>
          <dd>{userPoolId}</dd>
          {from === undefined ? null : (
            <>
              <dt>From</dt>
              <dd>{from}</dd>
            </>
          )}
          {replyTo === undefined ? null : (
            <>
              <dt>Reply to</dt>
              <dd>{replyTo}</dd>
            </>
          )}
        </dl>
        {html ? (
          <>
            <p>
              <a href={`/outbox/${id}/body`}>Open the mail by itself</a>
            </p>
            <pre>{body}</pre>
          </>
        ) : null}
      </details>
    </article>
  )
}

/** Whether a body has tags or entities, so that it must be rendered as HTML. */
const looksLikeHtml = (body: string): boolean => /<[a-z!/]|&[a-z#]\w*;/i.test(body)

function age(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 5) return 'just now'
  if (seconds < 60) return `${seconds} s ago`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`
  return `${Math.floor(seconds / 86_400)} d ago`
}
