// SMS_MFA, EMAIL_OTP, SMS_OTP and SOFTWARE_TOKEN_MFA: one field for a code.
import { recoveryCodeCount } from '../../cognito-idp/tags/cognomen-tag-rules.ts'
import type { ChallengePage } from '../challenge-page.ts'
import { CodeField } from '../factor-fields.tsx'
import { Submit } from '../frame.tsx'
import { filled } from '../languages.ts'
import type { Graphic } from '../looks/look.ts'

const graphics: Readonly<Record<string, Graphic>> = {
  SMS_MFA_CODE: 'SMS_GRAPHIC',
  SMS_OTP_CODE: 'SMS_GRAPHIC',
  EMAIL_OTP_CODE: 'EMAIL_GRAPHIC',
  SOFTWARE_TOKEN_MFA_CODE: 'AUTH_APP_GRAPHIC',
}

/** `parameter`: the member of the answer that has the code. */
export const codePage = (parameter: string): ChallengePage => ({
  path: '/mfa',
  title: () => 'twoStep',
  graphic: () => graphics[parameter],
  sends: parameter !== 'SOFTWARE_TOKEN_MFA_CODE',
  fields: ({ language: { words }, request }, { challenge, parameters }) => {
    const letters = recoveryCodeCount(request.pool.settings) !== undefined
    // EMAIL_OTP may be the first factor, in whose place a recovery code does not stand.
    const hint = letters && challenge.endsWith('_MFA') ? words.orRecoveryCode : undefined
    const destination = parameters['CODE_DELIVERY_DESTINATION']
    return (
      <>
        <p class="lead">{destination === undefined ? words.enterAppCode : filled(words.codeSentTo, { destination })}</p>
        <CodeField label={words.code} letters={letters} hint={hint} />
        <Submit>{words.continue}</Submit>
      </>
    )
  },
  answers: (form) => ({ [parameter]: codeOf(form.get('code')) }),
})

/** A code without the spaces that apps and messages put into it. */
export const codeOf = (text: string | undefined): string => (text ?? '').replace(/\s/g, '')
