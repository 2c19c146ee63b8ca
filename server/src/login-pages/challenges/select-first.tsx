// SELECT_CHALLENGE: the user chooses how to sign in. The password has its field right here; the others have a button each.
// docs/reference/oauth-and-federation.md 17.2, docs/reference/user-pools.md 9.6.
import type { ChallengePage } from '../challenge-page.ts'
import { Choices } from '../factor-fields.tsx'
import { Submit } from '../frame.tsx'
import { firstFactorLabels } from './factor-labels.ts'
import { PasswordField } from './password.tsx'
import { WhoSignsIn } from './who.tsx'

export const selectFirstPage: ChallengePage = {
  path: '/selectchallenge',
  title: () => 'signIn',
  fields: (frame, pending) => {
    const { words } = frame.language
    const available: readonly string[] = pending.available ?? []
    const others = available.filter((name) => Object.hasOwn(firstFactorLabels, name))
    const password = available.includes('PASSWORD')
    return (
      <>
        <WhoSignsIn frame={frame} pending={pending} />
        {password ? (
          <>
            <PasswordField frame={frame} />
            <Submit>{words.signIn}</Submit>
          </>
        ) : null}
        {password && others.length > 0 ? <p class="divider textDescription-customizable">{words.or}</p> : null}
        <Choices frame={frame} of={others} labels={firstFactorLabels} />
      </>
    )
  },
  answers: (form): Record<string, string> => {
    const answer = form.get('answer')
    return answer === undefined ? { ANSWER: 'PASSWORD', PASSWORD: form.get('password') ?? '' } : { ANSWER: answer }
  },
}
