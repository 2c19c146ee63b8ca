// The pages on which users sign up, for tests.
import { AdminGetUserCommand } from '@aws-sdk/client-cognito-identity-provider'
import { type App, authorizeUrl, PASSWORD } from './oauth.ts'
import { Browser, type Page } from './page-walker.ts'

/** Of a pool that verifies addresses. */
export const VERIFIES = { AutoVerifiedAttributes: ['email' as const] }

export const pageUrl = (app: App, page: string, parameters: Record<string, string> = {}): URL => {
  const url = authorizeUrl(app, { scope: 'openid email', ...parameters })
  url.pathname = `/${app.poolId}${page}`
  return url
}
export const open = async (app: App, page = '/signup', browser = new Browser()) => ({
  browser,
  page: await browser.get(pageUrl(app, page)),
})
/** What somebody types. */
export const fields = (username: string, attributes: Record<string, string> = {}, password = PASSWORD) => ({
  username,
  ...(password && { password }),
  ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`requiredAttributes[${name}]`, value])),
})
export const user = ({ server, poolId }: App, Username: string) =>
  server.admin.send(new AdminGetUserCommand({ UserPoolId: poolId, Username }))
export const messageOf = ({ text }: Page): string | undefined => /<p class="message[^>]*>([^<]*)</.exec(text)?.[1]
