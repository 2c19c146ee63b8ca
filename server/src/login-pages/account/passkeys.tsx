// GET and POST /account/passkeys: the user's passkeys; a new one is made on /passkeys/add, which leads back here.
import { deletePasskey } from '../../cognito-idp/passkeys/delete-passkey.ts'
import { type Passkey, passkeysOfUser } from '../../cognito-idp/passkeys/passkey-store.ts'
import { allowsPasskeys } from '../../cognito-idp/passkeys/relying-party-rules.ts'
import type { Context } from '../../context.ts'
import type { PoolRequest } from '../../oauth/endpoint.ts'
import { ACCOUNT_PAGE } from '../../oauth/own-pages.ts'
import { attempt } from '../account-problem.ts'
import { ADD_PASSKEY } from '../first-factor-rules.ts'
import type { Frame } from '../frame.tsx'
import { type Account, forAccount } from './account.ts'
import { accountPage, foreignForm, Row, RowButton, type Said, saidOf, When } from './parts.tsx'

const PASSKEYS_PAGE = `${ACCOUNT_PAGE}/passkeys`

export const passkeysPage = forAccount({
  fresh: true,
  answer: (context, request, account) => showPasskeys(context, request, account),
})

export const postPasskeys = forAccount({
  fresh: true,
  category: 'UserResourceUpdate',
  answer: async (context, request, account) => {
    const foreign = foreignForm(request)
    if (foreign) return showPasskeys(context, request, account, foreign)
    const tried = await attempt(request, 'DeleteWebAuthnCredential', () =>
      deletePasskey(context, account, account.user, request.form.get('passkey') ?? ''),
    )
    const said = 'problem' in tried ? saidOf(request, tried.problem) : ({ note: 'removed' } as const)
    return showPasskeys(context, request, account, said)
  },
})

async function showPasskeys(
  context: Context,
  request: PoolRequest,
  { pool, client, user }: Account,
  said: Said = {},
): Promise<Response> {
  const passkeys = await passkeysOfUser(context.db, pool.id, user.sub)
  const mayAdd = allowsPasskeys(pool.settings) && user.status !== 'EXTERNAL_PROVIDER'
  const back = new URLSearchParams({ client_id: client.clientId, redirect_uri: `${request.base}${PASSKEYS_PAGE}` })
  return accountPage(request, {
    title: 'accountPasskeys',
    said,
    body: (frame) => {
      const { words } = frame.language
      return (
        <>
          <p class="lead">{passkeys.length === 0 ? words.passkeysNone : words.addPasskeyAbout}</p>
          <ul class="rows">
            {passkeys.map((passkey) => (
              <PasskeyRow frame={frame} passkey={passkey} />
            ))}
          </ul>
          {mayAdd ? (
            <a class="choice" href={`${request.path}${ADD_PASSKEY}?${back}`}>
              {words.addPasskey}
            </a>
          ) : null}
        </>
      )
    },
  })
}

function PasskeyRow({ frame, passkey }: { frame: Frame; passkey: Passkey }) {
  const { words } = frame.language
  const { friendlyName, createdAt, lastUsedAt, id } = passkey
  return (
    <Row
      title={friendlyName}
      about={[
        <>
          {words.addedOn} <When frame={frame} at={createdAt} />
        </>,
        lastUsedAt === undefined ? undefined : (
          <>
            {words.lastUsed} <When frame={frame} at={lastUsedAt} />
          </>
        ),
      ]}
    >
      <RowButton frame={frame} to={PASSKEYS_PAGE} fields={{ passkey: id }} about={friendlyName}>
        {words.remove}
      </RowButton>
    </Row>
  )
}
