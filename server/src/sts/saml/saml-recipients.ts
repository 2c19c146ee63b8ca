// For whom SAML responses are meant that STS and identity pools take. Pure.
import type { Context } from '../../context.ts'

type Place = Pick<Context, 'publicUrl'> & { config: Pick<Context['config'], 'region'> }

/** Where identity providers that know the service send responses, and where those that know this server do. */
export const samlRecipients = ({ publicUrl, config }: Place): string[] => [
  'https://signin.aws.amazon.com/saml',
  `https://${config.region}.signin.aws.amazon.com/saml`,
  `${publicUrl}/saml`,
]

export const samlAudiences = (place: Place): string[] => [
  'urn:amazon:webservices',
  place.publicUrl,
  ...samlRecipients(place),
]
