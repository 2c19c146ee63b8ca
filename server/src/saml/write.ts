// The messages that a service provider sends, and its metadata, as XML (SAML core 3.4.1, 3.7; SAML metadata 2.4). Pure.
// What they hold is escaped: nothing in them can become markup.
import { NAMESPACE, POST_BINDING, STATUS_SUCCESS } from './names.ts'

interface Message {
  /** An xs:ID: unpredictable, as answers name it. */
  readonly id: string
  /** Epoch milliseconds. */
  readonly issuedAt: number
  /** The URL of the identity provider that the message is sent to. */
  readonly destination: string
  /** The entity id of the service provider. */
  readonly issuer: string
}

/** A user as an identity provider names them (SAML core 2.2.2). */
export interface SamlName {
  readonly value: string
  readonly format: string
  readonly nameQualifier?: string
  readonly spNameQualifier?: string
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** A text in content or in an attribute. White space that XML would normalize is written as a reference. */
export const escapeXml = (text: string): string =>
  text.replace(/[&<>"'\t\n\r]/g, (character) => ENTITIES[character] ?? `&#${character.charCodeAt(0)};`)

type Attributes = Readonly<Record<string, string | undefined>>

/** An element; `content` is XML. */
function element(name: string, attributes: Attributes, content = ''): string {
  const written = Object.entries(attributes).map(([key, value]) =>
    value === undefined ? '' : ` ${key}="${escapeXml(value)}"`,
  )
  return content === '' ? `<${name}${written.join('')}/>` : `<${name}${written.join('')}>${content}</${name}>`
}

function message(name: string, { id, issuedAt, destination, issuer }: Message, more: Attributes, content = ''): string {
  const attributes = {
    'xmlns:samlp': NAMESPACE.protocol,
    'xmlns:saml': NAMESPACE.assertion,
    ID: id,
    Version: '2.0',
    IssueInstant: new Date(issuedAt).toISOString(),
    Destination: destination,
    ...more,
  }
  return element(`samlp:${name}`, attributes, element('saml:Issuer', {}, escapeXml(issuer)) + content)
}

/**
 * Asks for a sign-in, answered by POST (docs/reference/oauth-and-federation.md 22.2). `force`: the user has to prove themselves
 * anew, whatever session the provider has (SAML core 3.4.1).
 */
export const authnRequest = (request: Message & { readonly consumer: string; readonly force?: boolean }): string =>
  message('AuthnRequest', request, {
    ForceAuthn: request.force ? 'true' : undefined,
    ProtocolBinding: POST_BINDING,
    AssertionConsumerServiceURL: request.consumer,
  })

/** Asks to end the user's session (SAML core 3.7.1). */
export const logoutRequest = (
  request: Message & { readonly name: SamlName; readonly sessionIndex: string | undefined },
): string => {
  const { value, format, nameQualifier, spNameQualifier } = request.name
  const named = { NameQualifier: nameQualifier, SPNameQualifier: spNameQualifier, Format: format }
  const index = request.sessionIndex
  return message(
    'LogoutRequest',
    request,
    {},
    element('saml:NameID', named, escapeXml(value)) +
      (index === undefined ? '' : element('samlp:SessionIndex', {}, escapeXml(index))),
  )
}

/** Says that a user's session has ended (SAML core 3.7.2). */
export const logoutResponse = (response: Message & { readonly inResponseTo: string }): string =>
  message(
    'LogoutResponse',
    response,
    { InResponseTo: response.inResponseTo },
    element('samlp:Status', {}, element('samlp:StatusCode', { Value: STATUS_SUCCESS })),
  )

export interface ServiceProvider {
  readonly entityId: string
  /** Where responses are posted, and messages about the end of a session. */
  readonly consumer: string
  readonly logout: string
  /** Certificates, DER in base64. */
  readonly signing: string
  readonly encryption: string | undefined
  readonly signsRequests: boolean
}

/** The metadata of the service provider (SAML metadata 2.4.4). */
export function serviceProviderMetadata(provider: ServiceProvider): string {
  const { entityId, consumer, logout, signing, encryption, signsRequests } = provider
  const key = (use: string, certificate: string): string => {
    const data = element('ds:X509Data', {}, element('ds:X509Certificate', {}, certificate))
    return element('md:KeyDescriptor', { use }, element('ds:KeyInfo', {}, data))
  }
  const role = element(
    'md:SPSSODescriptor',
    {
      AuthnRequestsSigned: String(signsRequests),
      WantAssertionsSigned: 'true',
      protocolSupportEnumeration: NAMESPACE.protocol,
    },
    key('signing', signing) +
      (encryption === undefined ? '' : key('encryption', encryption)) +
      element('md:SingleLogoutService', { Binding: POST_BINDING, Location: logout }) +
      element('md:AssertionConsumerService', {
        Binding: POST_BINDING,
        Location: consumer,
        index: '0',
        isDefault: 'true',
      }),
  )
  const namespaces = { 'xmlns:md': NAMESPACE.metadata, 'xmlns:ds': NAMESPACE.signature }
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('md:EntityDescriptor', { ...namespaces, entityID: entityId }, role)}`
}
