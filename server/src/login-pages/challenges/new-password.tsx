// NEW_PASSWORD_REQUIRED: a password of the user's own, and the attributes that the pool requires.

import { attributeField, tidyValue } from '../attribute-field-rules.ts'
import type { ChallengePage } from '../challenge-page.ts'
import { AttributeField, NewPasswordField } from '../fields.tsx'
import { Submit } from '../frame.tsx'

const PREFIX = 'userAttributes.'

export const newPasswordPage: ChallengePage = {
  path: '/resetpassword',
  title: () => 'chooseNewPassword',
  graphic: () => 'PASSWORD_GRAPHIC',
  fields: (frame, { parameters, username }) => (
    <>
      <p class="lead">{frame.language.words.newPasswordAbout}</p>
      {/* For password managers: whose password it is. */}
      <input type="text" name="username" value={username} autocomplete="username" hidden />
      <NewPasswordField frame={frame} name="new_password" label={frame.language.words.newPassword} autofocus />
      {missing(parameters).map((name) => (
        <AttributeField frame={frame} name={name} value={undefined} />
      ))}
      <Submit>{frame.language.words.continue}</Submit>
    </>
  ),
  answers: (form, { parameters }) => ({
    NEW_PASSWORD: form.get('new_password') ?? '',
    ...Object.fromEntries(
      missing(parameters).map((name) => [PREFIX + name, tidyValue(name, form.get(attributeField(name)))]),
    ),
  }),
}

const missing = ({ requiredAttributes = '[]' }: Readonly<Record<string, string>>): string[] =>
  (JSON.parse(requiredAttributes) as string[]).map((name) => name.slice(PREFIX.length))
