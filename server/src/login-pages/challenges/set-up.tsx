// MFA_SETUP: a user who needs a second factor sets one up: an authenticator app, by a QR code, or an e-mail address, to which
// EMAIL_OTP then sends a code (docs/reference/user-pools.md 9.9). With one thing to set up nothing is chosen. A number is an
// administrator's to add.
import { associateInSession } from '../../cognito-idp/mfa/associate-secret.ts'
import { setUpBySession } from '../../cognito-idp/mfa/setting-up.ts'
import { verifyInSession } from '../../cognito-idp/mfa/verify-secret.ts'
import { shownName } from '../../cognito-idp/passkeys/registration-options.ts'
import { mfaSetup } from '../../cognito-idp/sign-in/challenges/mfa-setup.ts'
import { SignInRefused } from '../../cognito-idp/sign-in/refused.ts'
import { openSession, userOfSession } from '../../cognito-idp/sign-in/session.ts'
import type { Context } from '../../context.ts'
import { ApiError } from '../../errors.ts'
import type { AuthorizationRequest } from '../../oauth/authorize/read-request.ts'
import type { PoolRequest } from '../../oauth/endpoint.ts'
import { AppFields } from '../app-fields.tsx'
import type { ChallengePage } from '../challenge-page.ts'
import { Choices } from '../factor-fields.tsx'
import { Field, Submit } from '../frame.tsx'
import { type Pending, refusable, type Taken, take } from '../sign-in.tsx'
import { codeOf } from './code.tsx'
import { factorLabels } from './factor-labels.ts'
import { otpauthUri } from './otpauth-rules.ts'

type Act = (context: Context, request: PoolRequest, asked: AuthorizationRequest, pending: Pending) => Promise<Taken>

const canSetUp = ({ parameters }: Pending): string[] =>
  (JSON.parse(parameters['MFAS_CAN_SETUP'] ?? '[]') as string[]).filter((name) => Object.hasOwn(begin, name))

const waits = (pending: Pending, more: Partial<Pending>): Taken => ({
  kind: 'challenge',
  pending: { ...pending, ...more, instead: canSetUp(pending).length > 1 ? ['MFA_SETUP'] : [] },
})

/** Answers the challenge. */
const answer = (
  context: Context,
  request: PoolRequest,
  asked: AuthorizationRequest,
  before: Pending,
  answers: Readonly<Record<string, string>>,
): Promise<Taken> =>
  take(context, request, asked, mfaSetup.answer, {
    parameters: { ...answers, USERNAME: before.username },
    session: before.session,
    before,
  })

/** What follows the choice of what to set up. */
const begin: Readonly<Record<string, Act>> = {
  SOFTWARE_TOKEN_MFA: (context, { source }, { pool, client }, pending) =>
    refusable(() =>
      setUpBySession(context, { pool, client, session: pending.session, source }, async (settingUp) => {
        const { secret, session } = await associateInSession(context, settingUp)
        const account = shownName(pool.settings, settingUp.user)
        const uri = otpauthUri({ secret, account, issuer: pool.settings.Name })
        return waits(pending, { session, setUp: { factor: 'SOFTWARE_TOKEN_MFA', secret, uri } })
      }),
    ),
  EMAIL_OTP: async (context, request, asked, pending) => {
    const { pool, client } = asked
    const found = await refusable(async () => {
      const session = openSession(context, { pool, client, session: pending.session }, 'MFA_SETUP')
      return { kind: 'found', email: (await userOfSession(context, pool, session))?.attributes['email'] } as const
    })
    if (found.kind === 'refused') return found
    // An address that the user has is verified and not replaced.
    if (found.email) return answer(context, request, asked, pending, { EMAIL: found.email })
    return waits(pending, { setUp: { factor: 'EMAIL_OTP' } })
  },
}

/** The first code of the app; the challenge is answered with what comes of it. */
const verify: Act = async (context, request, asked, pending) => {
  const { pool, client } = asked
  const { remoteAddress: address, source, form } = request
  const place = { pool, client, session: pending.session, source }
  const code = codeOf(form.get('code'))
  const verified = await refusable(async () => {
    const session = await setUpBySession(context, place, (settingUp) =>
      verifyInSession(context, settingUp, { code, address }),
    )
    return { kind: 'verified', session } as const
  })
  if (verified.kind === 'verified')
    return answer(context, request, asked, { ...pending, session: verified.session }, {})
  const isWrong = verified.error instanceof ApiError && verified.error.name === 'EnableSoftwareTokenMFAException'
  return isWrong ? { kind: 'refused', error: new SignInRefused('wrong-software-token') } : verified
}

export const setUpPage: ChallengePage = {
  path: '/mfasetup',
  title: ({ setUp }) => (setUp?.factor === 'SOFTWARE_TOKEN_MFA' ? 'setUpApp' : setUp ? 'setUpEmail' : 'setUpTitle'),
  graphic: ({ setUp }) => setUp && (setUp.factor === 'EMAIL_OTP' ? 'EMAIL_GRAPHIC' : 'AUTH_APP_GRAPHIC'),
  malformed: 'badEmail',
  prepare: async (context, request, asked, pending) => {
    const names = canSetUp(pending)
    if (names.length === 0) return { kind: 'refused', error: new SignInRefused('no-second-factor') }
    const only = names.length === 1 ? begin[names[0] as string] : undefined
    return only ? only(context, request, asked, pending) : { kind: 'challenge', pending }
  },
  act: (context, request, asked, pending) => {
    if (pending.setUp?.factor === 'SOFTWARE_TOKEN_MFA') return verify(context, request, asked, pending)
    const chosen = request.form.get('answer')
    const next = canSetUp(pending).find((name) => name === chosen)
    return next === undefined ? undefined : begin[next]?.(context, request, asked, pending)
  },
  fields: (frame, pending) => {
    const { words } = frame.language
    if (pending.setUp?.factor === 'SOFTWARE_TOKEN_MFA') return <AppFields frame={frame} {...pending.setUp} />
    if (pending.setUp)
      return (
        <>
          <p class="lead">{words.setUpEmailAbout}</p>
          <Field name="email" type="email" label={words.email} autocomplete="email" inputmode="email" autofocus />
          <Submit>{words.sendCode}</Submit>
        </>
      )
    return (
      <>
        <p class="lead">{words.setUpAbout}</p>
        <Choices frame={frame} of={canSetUp(pending)} labels={factorLabels} />
      </>
    )
  },
  answers: (form) => ({ EMAIL: form.get('email')?.trim() ?? '' }),
}
