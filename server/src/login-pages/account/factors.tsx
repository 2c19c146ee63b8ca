// GET and POST /account/factors: second factors turned on and off, an authenticator app set up, recovery codes made.
// docs/reference/user-pools.md 9.9, docs/decisions/recovery-codes.md.
import { associateSecret } from '../../cognito-idp/mfa/associate-secret.ts'
import { changeFactors } from '../../cognito-idp/mfa/change-factors.ts'
import { withPreferences } from '../../cognito-idp/mfa/preference-rules.ts'
import { verifySecret } from '../../cognito-idp/mfa/verify-secret.ts'
import { shownName } from '../../cognito-idp/passkeys/registration-options.ts'
import { makeRecoveryCodes } from '../../cognito-idp/recovery-codes/make-recovery-codes.ts'
import { describeRecoveryCodes, hasSecondFactor } from '../../cognito-idp/recovery-codes/recovery-codes.ts'
import { recoveryCodeCount } from '../../cognito-idp/tags/cognomen-tag-rules.ts'
import { fitsCode } from '../../cognito-idp/typed-input.ts'
import type { Context } from '../../context.ts'
import { ApiError } from '../../errors.ts'
import type { PoolRequest } from '../../oauth/endpoint.ts'
import { ACCOUNT_PAGE } from '../../oauth/own-pages.ts'
import { type AccountProblem, attempt, problemText } from '../account-problem.ts'
import { AppFields } from '../app-fields.tsx'
import { codeOf } from '../challenges/code.tsx'
import { otpauthUri } from '../challenges/otpauth-rules.ts'
import { Form, type Frame, openFrame } from '../frame.tsx'
import { filled } from '../languages.ts'
import { type Account, anew, forAccount } from './account.ts'
import { type FactorRow, factorNames, factorRows, factorStates, wishIn } from './factor-list-rules.ts'
import { accountPage, foreignForm, Row, RowButton, type Said } from './parts.tsx'

const FACTORS_PAGE = `${ACCOUNT_PAGE}/factors`

export const factorsPage = forAccount({
  fresh: true,
  answer: (context, request, account) => showFactors(context, request, account),
})

type Act = (context: Context, request: PoolRequest, account: Account) => Promise<Response>

/** By the field `act`. */
const acts: Readonly<Record<string, Act>> = {
  prefer: async (context, request, account) => {
    const { pool, user } = account
    const wish = wishIn(request.form, pool.settings)
    if (!wish) return showFactors(context, request, account)
    const tried = await attempt(request, 'SetUserMFAPreference', () =>
      changeFactors(context, pool, user, 'user', (current) => withPreferences(pool.settings, current, wish)),
    )
    return 'problem' in tried ? refuse(context, request, account, tried.problem) : saved(context, request, account)
  },
  'set-up-app': async (context, request, account) => {
    const tried = await attempt(request, 'AssociateSoftwareToken', () =>
      associateSecret(context, account.pool, account.user),
    )
    return 'problem' in tried
      ? refuse(context, request, account, tried.problem)
      : showApp(context, request, account, tried.done)
  },
  'verify-app': async (context, request, account) => {
    const { pool, user } = account
    const { form, remoteAddress: address } = request
    const secret = openSecret(context, account, form.get('secret'))
    if (secret === undefined) return showFactors(context, request, account)
    const { words } = openFrame(request).language
    const code = codeOf(form.get('code'))
    if (!fitsCode(code)) return showApp(context, request, account, secret, { message: words.wrongCode })
    const tried = await attempt(request, 'VerifySoftwareToken', () =>
      verifySecret(context, pool, user, { code, address }),
    )
    if ('problem' in tried)
      return showApp(context, request, account, secret, { message: problemText(words, tried.problem) })
    const now = await anew(context, account)
    const on = { SoftwareTokenMfaSettings: { Enabled: true } }
    const turned = await attempt(request, 'SetUserMFAPreference', () =>
      changeFactors(context, pool, now.user, 'user', (current) => withPreferences(pool.settings, current, on)),
    )
    return 'problem' in turned ? refuse(context, request, now, turned.problem) : saved(context, request, now)
  },
  'recovery-codes': async (context, request, account) => {
    const tried = await attempt(request, 'CreateRecoveryCodes', () =>
      makeRecoveryCodes(context, account.pool, account.user),
    )
    return 'problem' in tried ? refuse(context, request, account, tried.problem) : showCodes(request, tried.done)
  },
}

export const postFactors = forAccount({
  fresh: true,
  category: 'UserResourceUpdate',
  answer: (context, request, account) => {
    const foreign = foreignForm(request)
    if (foreign) return showFactors(context, request, account, foreign)
    if (account.user.status === 'EXTERNAL_PROVIDER') return showFactors(context, request, account)
    const act = request.form.get('act') ?? ''
    const run = Object.hasOwn(acts, act) ? acts[act] : undefined
    return run ? run(context, request, account) : showFactors(context, request, account)
  },
})

const saved = async (context: Context, request: PoolRequest, account: Account): Promise<Response> =>
  showFactors(context, request, await anew(context, account), { note: 'saved' })

/** What the rules of factors refuse has no words of its own: something else is missing, or has to be turned off first. */
function refuse(context: Context, request: PoolRequest, account: Account, problem: AccountProblem): Promise<Response> {
  const { words } = openFrame(request).language
  const isRule = problem instanceof ApiError && problem.name === 'InvalidParameterException'
  return showFactors(context, request, account, { message: isRule ? words.factorRefused : problemText(words, problem) })
}

/** The secret travels in the form, sealed: a page with a wrong code shows the same QR code again. */
const PURPOSE = 'account-app-secret'
const sealSecret = (context: Context, { user }: Account, secret: string): string =>
  context.sealer.sealJson(PURPOSE, secret, user.sub)
const openSecret = (context: Context, { user }: Account, sealed: string | undefined): string | undefined =>
  context.sealer.openJson(PURPOSE, sealed ?? '', user.sub) as string | undefined

async function showFactors(
  context: Context,
  request: PoolRequest,
  account: Account,
  said: Said = {},
): Promise<Response> {
  const { pool, user } = account
  const rows = user.status === 'EXTERNAL_PROVIDER' ? [] : factorRows(pool.settings, user)
  const usesCodes = recoveryCodeCount(pool.settings) !== undefined && hasSecondFactor(pool, user)
  const left = usesCodes ? (await describeRecoveryCodes(context, pool, user)).Remaining : undefined
  return accountPage(request, {
    title: 'accountFactors',
    said,
    body: (frame) => {
      const { words } = frame.language
      return (
        <>
          <p class="lead">{rows.length === 0 ? words.nothingToChange : words.accountFactorsLead}</p>
          <ul class="rows">
            {rows.map((row) => (
              <Row title={words[factorNames[row.factor]]} about={[words[factorStates[row.state]]]}>
                <FactorButtons frame={frame} row={row} />
              </Row>
            ))}
            {left === undefined ? null : (
              <Row
                title={words.recoveryCodes}
                about={[filled(words.recoveryLeft, { count: String(left) }), words.recoveryAbout]}
              >
                <RowButton
                  frame={frame}
                  to={FACTORS_PAGE}
                  fields={{ act: 'recovery-codes' }}
                  about={words.recoveryCodes}
                >
                  {words.recoveryMake}
                </RowButton>
              </Row>
            )}
          </ul>
        </>
      )
    },
  })
}

function FactorButtons({ frame, row: { factor, state, isUsable } }: { frame: Frame; row: FactorRow }) {
  const { words } = frame.language
  const about = words[factorNames[factor]]
  const button = (wish: 'on' | 'off' | 'first', label: string) => (
    <RowButton frame={frame} to={FACTORS_PAGE} fields={{ act: 'prefer', factor, wish }} about={about}>
      {label}
    </RowButton>
  )
  return (
    <div class="buttons">
      {state === 'off' && isUsable ? button('on', words.turnOn) : null}
      {state === 'on' && factor !== 'WEB_AUTHN' ? button('first', words.askFirst) : null}
      {state === 'off' ? null : button('off', words.turnOff)}
      {factor === 'SOFTWARE_TOKEN_MFA' ? (
        <RowButton frame={frame} to={FACTORS_PAGE} fields={{ act: 'set-up-app' }} about={about}>
          {isUsable ? words.replaceApp : words.setUp}
        </RowButton>
      ) : null}
    </div>
  )
}

async function showApp(
  context: Context,
  request: PoolRequest,
  account: Account,
  secret: string,
  said: Said = {},
): Promise<Response> {
  const { pool, user } = account
  const uri = otpauthUri({ secret, account: shownName(pool.settings, user), issuer: pool.settings.Name })
  return accountPage(request, {
    title: 'setUpApp',
    said,
    body: (frame) => (
      <Form frame={frame} to={FACTORS_PAGE}>
        <input type="hidden" name="act" value="verify-app" />
        <input type="hidden" name="secret" value={sealSecret(context, account, secret)} />
        <AppFields frame={frame} secret={secret} uri={uri} />
      </Form>
    ),
  })
}

const showCodes = (request: PoolRequest, codes: readonly string[]): Response =>
  accountPage(request, {
    title: 'recoveryCodes',
    said: {},
    body: ({ language: { words } }) => (
      <>
        <p class="lead">{words.recoveryShown}</p>
        <ul class="codes" dir="ltr">
          {codes.map((code) => (
            <li>{code}</li>
          ))}
        </ul>
      </>
    ),
  })
