// The pages on which users look after their accounts, for tests.
import { type App, PASSWORD } from './oauth.ts'
import type { Browser, Page } from './page-walker.ts'

/** The tag of a pool that has the pages. */
export const ON = { 'cognomen:account-page': 'on' }

export const accountUrl = (
  { base, clientId }: Pick<App, 'base' | 'clientId'>,
  page = '',
  more: Record<string, string> = {},
): string => `${base}/account${page}?${new URLSearchParams({ client_id: clientId, ...more })}`

/** A page of the account, after the sign-in that it asks for. */
export const enter = async (app: App, username: string, browser: Browser, page = ''): Promise<Page> =>
  browser.submit(await browser.get(accountUrl(app, page)), { username, password: PASSWORD })
