// The identity providers on the sign-in page: a link for each, with the class names of Cognito's classic pages, or a field for
// an e-mail address whose domain leads to one (docs/reference/oauth-and-federation.md 4.1, 16).
import type { ProviderSummary } from '../cognito-idp/identity-providers/provider-store.ts'
import type { IdentityProviderTypeType } from '../contract/cognito-idp.types.ts'
import { asksForAddress } from '../oauth/upstream/choose-provider.ts'
import { Field, Form, type Frame, Submit } from './frame.tsx'
import { filled } from './languages.ts'

/** What people call the social providers; others have the name that their administrator gave. */
const shownNames: Readonly<Partial<Record<IdentityProviderTypeType, string>>> = {
  Facebook: 'Facebook',
  Google: 'Google',
  LoginWithAmazon: 'Amazon',
  SignInWithApple: 'Apple',
}

export function Providers({ frame, providers }: { frame: Frame; providers: readonly ProviderSummary[] }) {
  const byAddress = asksForAddress(providers)
  const linked = byAddress ? providers.filter(({ type }) => type !== 'SAML') : providers
  if (providers.length === 0) return null
  return (
    <div class="providers">
      {linked.map((provider) => (
        <ProviderLink frame={frame} provider={provider} />
      ))}
      {byAddress && linked.length > 0 ? (
        <p class="divider textDescription-customizable">{frame.language.words.or}</p>
      ) : null}
      {byAddress ? <AddressForm frame={frame} /> : null}
    </div>
  )
}

function ProviderLink({ frame, provider: { name, type } }: { frame: Frame; provider: ProviderSummary }) {
  const { request, language } = frame
  const shown = shownNames[type]
  const kind = shown === undefined ? 'idpButton-customizable' : 'socialButton-customizable'
  const query = request.query.with({ identity_provider: name })
  return (
    <a class={`choice ${kind}`} href={`${request.path}/oauth2/authorize?${query}`}>
      {filled(language.words.continueWith, { name: shown ?? name })}
    </a>
  )
}

function AddressForm({ frame }: { frame: Frame }) {
  const { words } = frame.language
  return (
    <Form frame={frame} to="/idpsearch">
      <Field
        name="idp_email"
        label={words.workEmail}
        type="email"
        inputmode="email"
        autocomplete="email"
        hint={words.workEmailAbout}
      />
      <Submit>{words.continue}</Submit>
    </Form>
  )
}
