// The one script of the login pages: it has the browser make a passkey, or sign with one, and sends what comes of it with the
// form. Browsers offer passkeys to scripts alone (WebAuthn Level 3, 5.1). What failed is said in the words of the page.
import type { Frame } from './frame.tsx'

interface AskerProps {
  frame: Frame
  /** What the browser is asked for: a new passkey, or a signature. */
  kind: 'create' | 'get'
  /** PublicKeyCredentialCreationOptionsJSON or PublicKeyCredentialRequestOptionsJSON. */
  options: string
  /** Asks without waiting for the button. */
  atOnce: boolean
  label: string
}

/** The button, and where the script says what failed. Put it into the form that the credential is sent with. */
export function PasskeyAsker({ frame, kind, options, atOnce, label }: AskerProps) {
  const { words } = frame.language
  return (
    <div
      id="passkey"
      data-kind={kind}
      data-options={options}
      data-at-once={atOnce ? 'yes' : undefined}
      data-unsupported={words.passkeyUnsupported}
      data-cancelled={words.passkeyCancelled}
      data-address={words.passkeyAddress}
      data-known={words.passkeyKnown}
      data-failed={words.passkeyFailed}
    >
      <input type="hidden" name="credential" value="" />
      {/* Said until the script runs, also to browsers that have scripts and do not run this one. */}
      <p id="passkeyMessage" class="message error errorMessage-customizable" role="alert">
        {words.passkeyScript}
      </p>
      <button type="button" id="passkeyButton" class="submit submitButton-customizable" hidden>
        {label}
      </button>
    </div>
  )
}

// Base64url is read and written by hand: not every browser with passkeys has parseRequestOptionsFromJSON and toJSON, and
// password managers that stand in for the browser's authenticator leave them out.
export const passkeyScript = `(() => {
  const asker = document.getElementById('passkey')
  const button = document.getElementById('passkeyButton')
  const message = document.getElementById('passkeyMessage')
  const form = asker.closest('form')
  const told = { NotAllowedError: 'cancelled', AbortError: 'cancelled', SecurityError: 'address', InvalidStateError: 'known' }
  const say = (what) => { message.textContent = asker.dataset[what]; message.hidden = false }
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (one) => one.charCodeAt(0))
  const text = (buffer) => {
    let all = ''
    for (const one of new Uint8Array(buffer)) all += String.fromCharCode(one)
    return btoa(all).replace(/[+]/g, '-').replace(/[/]/g, '_').replace(/=+$/, '')
  }
  const described = (list) => (list || []).map((one) => Object.assign({}, one, { id: bytes(one.id) }))
  const read = (options) => {
    options.challenge = bytes(options.challenge)
    if (options.user) options.user = Object.assign({}, options.user, { id: bytes(options.user.id) })
    options.allowCredentials = described(options.allowCredentials)
    options.excludeCredentials = described(options.excludeCredentials)
    return options
  }
  const written = ({ id, rawId, type, response, authenticatorAttachment }) => {
    const parts = {}
    for (const name of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'])
      if (response[name]) parts[name] = text(response[name])
    if (response.getTransports) parts.transports = response.getTransports()
    return JSON.stringify({ id, rawId: text(rawId), type, authenticatorAttachment, response: parts, clientExtensionResults: {} })
  }
  let asking = false
  const ask = async () => {
    if (asking) return
    asking = true
    message.hidden = true
    try {
      const publicKey = read(JSON.parse(asker.dataset.options))
      const credential = await navigator.credentials[asker.dataset.kind]({ publicKey })
      form.elements.credential.value = written(credential)
      form.submit()
    } catch (error) {
      say(told[error.name] || 'failed')
    }
    asking = false
  }
  message.hidden = true
  if (!window.PublicKeyCredential || !navigator.credentials) return say('unsupported')
  button.hidden = false
  button.addEventListener('click', ask)
  if (asker.dataset.atOnce) ask()
  else button.focus()
})()`
