// The recipients and audiences of SAML responses that STS and identity pools accept. Pure.
import type { Context } from '../../context.ts'

type ServerAddress = Pick<Context, 'publicUrl'> & { config: Pick<Context['config'], 'region'> }

/** Addresses that identity providers send responses to: those of AWS, and this server's. */
export const samlRecipients = ({ publicUrl, config }: ServerAddress): string[] => [
  'https://signin.aws.amazon.com/saml',
  `https://${config.region}.signin.aws.amazon.com/saml`,
  `${publicUrl}/saml`,
]

export const samlAudiences = (server: ServerAddress): string[] => [
  'urn:amazon:webservices',
  server.publicUrl,
  ...samlRecipients(server),
]
