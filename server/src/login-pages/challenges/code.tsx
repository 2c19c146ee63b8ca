// SMS_MFA, EMAIL_OTP, SMS_OTP and SOFTWARE_TOKEN_MFA: one field for a code.
import type { ChallengePage } from '../challenge-page.ts'
import { Field, Submit } from '../frame.tsx'
import { filled } from '../languages.ts'

/** `parameter`: the member of the answer that has the code. */
export const codePage = (parameter: string): ChallengePage => ({
  path: '/mfa',
  title: 'twoStep',
  fields: ({ language: { words } }, { parameters }) => {
    const destination = parameters['CODE_DELIVERY_DESTINATION']
    return (
      <>
        <p class="lead">{destination === undefined ? words.enterAppCode : filled(words.codeSentTo, { destination })}</p>
        <Field name="code" label={words.code} autocomplete="one-time-code" inputmode="numeric" class="code" autofocus />
        <Submit>{words.continue}</Submit>
      </>
    )
  },
  answers: (form) => ({ [parameter]: (form.get('code') ?? '').replace(/\s/g, '') }),
})
