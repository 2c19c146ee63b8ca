// The identity providers on the sign-in page: a link for each, with the class names of Cognito's classic pages, or a field for
// an e-mail address whose domain leads to one (docs/reference/oauth-and-federation.md 4.1, 16).
import type { ProviderSummary } from '../cognito-idp/identity-providers/provider-store.ts'
import type { IdentityProviderTypeType } from '../contract/cognito-idp.types.ts'
import { asksForAddress } from '../oauth/upstream/choose-provider.ts'
import { Image } from './document.tsx'
import { Field, Form, type Frame, Submit } from './frame.tsx'
import { filled } from './languages.ts'
import { providerClass } from './looks/look.ts'
import { lookOf } from './looks/looks.ts'

/** What people call the social providers; others have the name that their administrator gave. */
const shownNames: Readonly<Partial<Record<IdentityProviderTypeType, string>>> = {
  Facebook: 'Facebook',
  Google: 'Google',
  LoginWithAmazon: 'Amazon',
  SignInWithApple: 'Apple',
}

export function Providers({ frame, providers: offered }: { frame: Frame; providers: readonly ProviderSummary[] }) {
  const { bySearch, order } = lookOf(frame.request).ways
  const byAddress = asksForAddress(offered, bySearch)
  const providers = inOrder(offered, order)
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

/** Those that are named first, in that order, and then the others. */
function inOrder(providers: readonly ProviderSummary[], order: readonly string[]): ProviderSummary[] {
  const placeOf = ({ name }: ProviderSummary): number => (order.includes(name) ? order.indexOf(name) : order.length)
  return [...providers].sort((one, other) => placeOf(one) - placeOf(other))
}

function ProviderLink({ frame, provider: { name, type } }: { frame: Frame; provider: ProviderSummary }) {
  const { request, language } = frame
  const shown = shownNames[type]
  const kind = shown === undefined ? 'idpButton-customizable' : 'socialButton-customizable'
  const query = request.query.with({ identity_provider: name })
  const { providerIcons, ownColours } = lookOf(request)
  const icon = providerIcons[name]
  const own = ownColours.includes(name) ? ` ${providerClass(name)}` : ''
  return (
    <a class={`choice ${kind}${own}`} href={`${request.path}/oauth2/authorize?${query}`}>
      {icon ? <Image of={icon} class="icon" /> : null}
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
        placeholder="name@example.com"
        hint={words.workEmailAbout}
      />
      <Submit>{words.continue}</Submit>
    </Form>
  )
}
