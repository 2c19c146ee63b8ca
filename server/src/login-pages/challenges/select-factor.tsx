// SELECT_MFA_TYPE: the user chooses one of several second factors.
import type { ChallengePage } from '../challenge-page.ts'
import type { Words } from '../languages/en.ts'

const labels: Readonly<Record<string, keyof Words>> = {
  SMS_MFA: 'bySms',
  EMAIL_OTP: 'byEmail',
  SOFTWARE_TOKEN_MFA: 'byApp',
}

export const selectFactorPage: ChallengePage = {
  path: '/mfaoptions',
  title: 'chooseFactor',
  fields: ({ language: { words } }, { parameters }) =>
    (JSON.parse(parameters['MFAS_CAN_CHOOSE'] ?? '[]') as string[]).map((name) => (
      <button type="submit" name="answer" value={name} class="choice">
        {words[labels[name] ?? 'code']}
      </button>
    )),
  answers: (form) => ({ ANSWER: form.get('answer') ?? '' }),
}
