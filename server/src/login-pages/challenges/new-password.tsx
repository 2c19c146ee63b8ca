// NEW_PASSWORD_REQUIRED: a password of the user's own, and the attributes that the pool requires.
import type { ChallengePage } from '../challenge-page.ts'
import { Field, Submit } from '../frame.tsx'

const PREFIX = 'userAttributes.'

export const newPasswordPage: ChallengePage = {
  path: '/resetpassword',
  title: () => 'chooseNewPassword',
  fields: ({ language: { words } }, { parameters, username }) => (
    <>
      <p class="lead">{words.newPasswordAbout}</p>
      {/* For password managers: whose password it is. */}
      <input type="text" name="username" value={username} autocomplete="username" hidden />
      <Field name="new_password" label={words.newPassword} type="password" autocomplete="new-password" autofocus />
      {missing(parameters).map((name) => (
        <Field name={`requiredAttributes[${name}]`} label={name} autocomplete="on" />
      ))}
      <Submit>{words.continue}</Submit>
    </>
  ),
  answers: (form, { parameters }) => ({
    NEW_PASSWORD: form.get('new_password') ?? '',
    ...Object.fromEntries(
      missing(parameters).map((name) => [PREFIX + name, form.get(`requiredAttributes[${name}]`) ?? '']),
    ),
  }),
}

const missing = ({ requiredAttributes = '[]' }: Readonly<Record<string, string>>): string[] =>
  (JSON.parse(requiredAttributes) as string[]).map((name) => name.slice(PREFIX.length))
