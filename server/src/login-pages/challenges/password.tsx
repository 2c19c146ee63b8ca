// PASSWORD: the password of a choice-based sign-in, for who comes back to it from another way.
import type { ChallengePage } from '../challenge-page.ts'
import { Field, type Frame, PageLink, Submit } from '../frame.tsx'
import { WhoSignsIn } from './who.tsx'

export const passwordPage: ChallengePage = {
  path: '/password',
  title: () => 'signIn',
  graphic: () => 'PASSWORD_GRAPHIC',
  fields: (frame, pending) => (
    <>
      <WhoSignsIn frame={frame} pending={pending} />
      <PasswordField frame={frame} />
      <Submit>{frame.language.words.signIn}</Submit>
    </>
  ),
  answers: (form) => ({ PASSWORD: form.get('password') ?? '' }),
}

/** The field of a password that the user has, on whichever page it is. */
export function PasswordField({ frame, autofocus = true }: { frame: Frame; autofocus?: boolean }) {
  const { words } = frame.language
  return (
    <Field
      name="password"
      id="signInFormPassword"
      label={words.password}
      type="password"
      autocomplete="current-password"
      autofocus={autofocus}
      aside={
        <PageLink frame={frame} to="/forgotPassword">
          {words.forgotPassword}
        </PageLink>
      }
    />
  )
}
