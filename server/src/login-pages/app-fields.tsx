// How a secret is handed to an authenticator app, and the field for its first code.
import { spaced } from './challenges/otpauth-rules.ts'
import { CodeField } from './factor-fields.tsx'
import { type Frame, Submit } from './frame.tsx'
import { QrCode } from './qr-code.tsx'

/** `secret`: in base32; `uri`: the same as an otpauth: link. */
export function AppFields({ frame, secret, uri }: { frame: Frame; secret: string; uri: string }) {
  const { words } = frame.language
  return (
    <>
      <p class="lead">{words.setUpAppScan}</p>
      <QrCode text={uri} label={words.qrCode} />
      {/* Who reads this on the phone with the app cannot scan it. */}
      <p class="hint on-device">
        <a href={uri}>{words.setUpAppOpen}</a>
      </p>
      <details class="by-hand">
        <summary>{words.setUpAppByHand}</summary>
        <p class="secret" id="totpSecret" dir="ltr">
          {spaced(secret)}
        </p>
      </details>
      <CodeField label={words.setUpAppCode} autofocus={false} />
      <Submit>{words.continue}</Submit>
    </>
  )
}
