// GET and POST /account/sessions: where the user is signed in, in pools that track sessions, and the end of one or of all
// others. docs/reference/user-pools.md 12.8.
import { listSessions } from '../../cognito-idp/sessions/list-sessions.ts'
import { revokeSession } from '../../cognito-idp/sessions/revoke-session.ts'
import { tracksSessions } from '../../cognito-idp/sessions/session-config-rules.ts'
import { signOutEverywhere } from '../../cognito-idp/sessions/sign-out-everywhere.ts'
import type { Context } from '../../context.ts'
import type { SessionDescriptionType } from '../../contract/cognito-idp.types.ts'
import { redirect } from '../../oauth/authorize/redirect.ts'
import type { PoolRequest } from '../../oauth/endpoint.ts'
import { ACCOUNT_PAGE } from '../../oauth/own-pages.ts'
import { attempt } from '../account-problem.ts'
import { Form, type Frame } from '../frame.tsx'
import { type Account, forAccount, stayingSignedIn } from './account.ts'
import { accountPage, foreignForm, Row, RowButton, type Said, saidOf, When } from './parts.tsx'

const SESSIONS_PAGE = `${ACCOUNT_PAGE}/sessions`

export const sessionsPage = forAccount({
  category: 'UserResourceRead',
  answer: (context, request, account) => showSessions(context, request, account),
})

export const postSessions = forAccount({
  category: 'UserResourceUpdate',
  // Signing out is possible in every region.
  writes: false,
  answer: async (context, request, account) => {
    const foreign = foreignForm(request)
    if (foreign) return showSessions(context, request, account, foreign)
    const { pool, user, session } = account
    const { form } = request
    if (form.get('others') !== undefined) {
      const changed = await signOutEverywhere(context, pool, user, 'user')
      if (!changed) return redirect(`${request.path}${ACCOUNT_PAGE}?${request.query}`, 303)
      return stayingSignedIn(context, request, account, changed, (now) =>
        showSessions(context, request, now, { note: 'othersSignedOut' }),
      )
    }
    const sessionId = form.get('session') ?? ''
    const tried = await attempt(request, 'RevokeUserSession', () =>
      revokeSession(context, {
        pool,
        sub: user.sub,
        sessionId,
        current: session.id,
        by: 'user',
        // Applications that were signed in to by a browser end with it; the browser does not end with one of them.
        associated: form.get('kind') === 'SSO' ? 'LINKED' : undefined,
      }),
    )
    const said = 'problem' in tried ? saidOf(request, tried.problem) : ({ note: 'sessionEnded' } as const)
    return showSessions(context, request, account, said)
  },
})

async function showSessions(
  context: Context,
  request: PoolRequest,
  { pool, user, session }: Account,
  said: Said = {},
): Promise<Response> {
  const sessions = tracksSessions(pool.settings)
    ? await listSessions(context, { pool, sub: user.sub, current: session.id, token: undefined })
    : []
  const names = await clientNames(context, sessions)
  return accountPage(request, {
    title: 'accountSessions',
    said,
    body: (frame) => {
      const { words } = frame.language
      return (
        <>
          <ul class="rows">
            {sessions.map((one) => (
              <SessionRow frame={frame} session={one} app={names.get(one.ClientId ?? '') ?? ''} />
            ))}
          </ul>
          <p class="lead">{words.signOutOthersAbout}</p>
          <Form frame={frame} to={SESSIONS_PAGE}>
            <button type="submit" name="others" value="yes" class="choice">
              {words.signOutOthers}
            </button>
          </Form>
        </>
      )
    },
  })
}

async function clientNames(
  context: Context,
  sessions: readonly SessionDescriptionType[],
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>()
  for (const id of new Set(sessions.map(({ ClientId = '' }) => ClientId)))
    names.set(id, (await context.userPools.client(id))?.settings.ClientName ?? '')
  return names
}

function SessionRow({ frame, session, app }: { frame: Frame; session: SessionDescriptionType; app: string }) {
  const { words } = frame.language
  const {
    SessionId = '',
    SessionType,
    DeviceType,
    LastIPAddress,
    LastActiveDate,
    LastLocation,
    IsCurrentSession,
  } = session
  const title = [SessionType === 'SSO' ? undefined : app, DeviceType].filter(Boolean).join(' · ')
  const place = [LastLocation?.City, LastLocation?.Country, LastIPAddress].filter(Boolean).join(', ')
  const active = LastActiveDate?.getTime()
  return (
    <Row
      title={title}
      about={[
        IsCurrentSession ? words.thisBrowser : undefined,
        place,
        active === undefined ? undefined : (
          <>
            {words.lastActive} <When frame={frame} at={active} withTime />
          </>
        ),
      ]}
    >
      {IsCurrentSession ? null : (
        <RowButton
          frame={frame}
          to={SESSIONS_PAGE}
          fields={{ session: SessionId, kind: SessionType ?? '' }}
          about={title}
        >
          {words.signOut}
        </RowButton>
      )}
    </Row>
  )
}
