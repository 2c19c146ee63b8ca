// WEB_AUTHN: the page's script asks the browser for a signature of the user's passkey, and sends it with the form.
// docs/reference/oauth-and-federation.md 17.4, docs/reference/user-pools.md 9.6.
import type { ChallengePage } from '../challenge-page.ts'
import { PasskeyAsker, passkeyScript } from '../passkey-script.tsx'
import { WhoSignsIn } from './who.tsx'

export const passkeyPage: ChallengePage = {
  path: '/passkey',
  title: () => 'passkeyTitle',
  graphic: () => 'PASSKEY_GRAPHIC',
  malformed: 'wrongPasskey',
  script: passkeyScript,
  fields: (frame, pending) => (
    <>
      <WhoSignsIn frame={frame} pending={pending} />
      <PasskeyAsker
        frame={frame}
        kind="get"
        options={pending.parameters['CREDENTIAL_REQUEST_OPTIONS'] ?? ''}
        atOnce={!pending.refused}
        label={frame.language.words.usePasskey}
      />
    </>
  ),
  answers: (form) => ({ CREDENTIAL: form.get('credential') ?? '' }),
}
