// GET and POST /account/applications: applications that registered themselves and that the user has allowed something; the
// user may take it back. docs/behaviour/client-registration.md.
import { type Consent, consentsOfUser, deleteConsent } from '../../cognito-idp/consents/consent-store.ts'
import type { UserPoolClient } from '../../cognito-idp/user-pool-clients/client-store.ts'
import type { UserPool } from '../../cognito-idp/user-pools/pool-store.ts'
import type { Context } from '../../context.ts'
import { consentRemoved } from '../../events.ts'
import type { PoolRequest } from '../../oauth/endpoint.ts'
import { ACCOUNT_PAGE } from '../../oauth/own-pages.ts'
import { scopeTexts } from '../consent.tsx'
import { openFrame } from '../frame.tsx'
import type { Words } from '../languages/en.ts'
import { filled } from '../languages.ts'
import { type Account, forAccount } from './account.ts'
import { accountPage, foreignForm, Row, RowButton, type Said, When } from './parts.tsx'

const APPS_PAGE = `${ACCOUNT_PAGE}/applications`

export const applicationsPage = forAccount({
  answer: (context, request, account) => showApps(context, request, account),
})

export const postApplications = forAccount({
  category: 'UserResourceUpdate',
  answer: async (context, request, account) => {
    const foreign = foreignForm(request)
    if (foreign) return showApps(context, request, account, foreign)
    const { pool, user } = account
    const clientId = request.form.get('application') ?? ''
    const { words } = openFrame(request).language
    if (!(await deleteConsent(context.db, { sub: user.sub, userPoolId: pool.id, clientId })))
      return showApps(context, request, account, { message: words.gone })
    consentRemoved(context, { pool: pool.id, client: clientId, sub: user.sub })
    return showApps(context, request, account, { note: 'accessRemoved' })
  },
})

interface Shown {
  readonly consent: Consent
  readonly client: UserPoolClient
  readonly scopes: readonly string[]
}

async function showApps(context: Context, request: PoolRequest, account: Account, said: Said = {}): Promise<Response> {
  const { words } = openFrame(request).language
  const shown = await appsOf(context, account, words)
  return accountPage(request, {
    title: 'accountApps',
    said,
    body: (frame) => (
      <>
        <p class="lead">{shown.length === 0 ? words.appsNone : words.accountAppsAbout}</p>
        <ul class="rows">
          {shown.map(({ consent, client, scopes }) => (
            <Row
              title={client.settings.ClientName}
              about={[
                scopes.join(' · '),
                <>
                  {words.allowedOn} <When frame={frame} at={consent.grantedAt} />
                </>,
              ]}
            >
              <RowButton
                frame={frame}
                to={APPS_PAGE}
                fields={{ application: client.clientId }}
                about={client.settings.ClientName}
              >
                {words.removeAccess}
              </RowButton>
            </Row>
          ))}
        </ul>
      </>
    ),
  })
}

/** Each scope and each API once, in words. */
async function allowedTexts(context: Context, pool: UserPool, granted: readonly string[], words: Words) {
  const pairs = granted.map((one) => /^(\S+) ?(.*)$/.exec(one) ?? [])
  const scopes = [...new Set(pairs.map(([, scope = '']) => scope))]
  const resources = [...new Set(pairs.flatMap(([, , resource]) => resource || []))]
  const texts = await scopeTexts(context, { pool, scopes }, words)
  return [...texts, ...resources.map((place) => filled(words.scopeResource, { place }))]
}

/** Those that there are: what was allowed a client that was deleted is good for nothing. */
async function appsOf(context: Context, { pool, user }: Account, words: Words): Promise<Shown[]> {
  const shown: Shown[] = []
  for (const consent of await consentsOfUser(context.db, pool.id, user.sub)) {
    const client = await context.userPools.client(consent.clientId)
    if (client) shown.push({ consent, client, scopes: await allowedTexts(context, pool, consent.granted, words) })
  }
  return shown
}
