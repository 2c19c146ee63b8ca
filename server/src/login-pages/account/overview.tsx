// GET /account: who is signed in, and what there is to look after. docs/behaviour/account-page.md.
import { tracksDevices } from '../../cognito-idp/devices/device-rules.ts'
import { shownName } from '../../cognito-idp/passkeys/registration-options.ts'
import { allowsPasskeys } from '../../cognito-idp/passkeys/relying-party-rules.ts'
import { registrationOf } from '../../cognito-idp/user-pools/dcr-rules.ts'
import { SIGN_OUT_PAGE } from '../../oauth/logout.ts'
import { ACCOUNT_PAGE } from '../../oauth/own-pages.ts'
import { openFrame, PageLink, show } from '../frame.tsx'
import type { Words } from '../languages/en.ts'
import { filled } from '../languages.ts'
import { accountStyles } from '../style.ts'
import { type Account, forAccount } from './account.ts'
import { offeredFactors } from './factor-list-rules.ts'

interface Part {
  readonly path: string
  readonly title: keyof Words
  readonly about: keyof Words
  /** Whether the pool and the user have anything of the kind. */
  readonly isThere: (account: Account) => boolean
}

const isOwn = ({ user }: Account): boolean => user.status !== 'EXTERNAL_PROVIDER'

const parts: readonly Part[] = [
  { path: '/profile', title: 'accountProfile', about: 'accountProfileAbout', isThere: () => true },
  { path: '/password', title: 'password', about: 'accountPasswordAbout', isThere: isOwn },
  {
    path: '/factors',
    title: 'accountFactors',
    about: 'accountFactorsAbout',
    isThere: (account) => isOwn(account) && offeredFactors(account.pool.settings).length > 0,
  },
  {
    path: '/passkeys',
    title: 'accountPasskeys',
    about: 'accountPasskeysAbout',
    isThere: (account) => isOwn(account) && allowsPasskeys(account.pool.settings),
  },
  {
    path: '/devices',
    title: 'accountDevices',
    about: 'accountDevicesAbout',
    isThere: ({ pool }) => tracksDevices(pool.settings),
  },
  { path: '/sessions', title: 'accountSessions', about: 'accountSessionsAbout', isThere: () => true },
  {
    path: '/applications',
    title: 'accountApps',
    about: 'accountAppsAbout',
    isThere: ({ pool }) => registrationOf(pool.settings) !== undefined,
  },
]

export const overview = forAccount({
  answer: (_context, request, account) => {
    const frame = openFrame(request)
    const { words } = frame.language
    const body = (
      <>
        <h1>{words.account}</h1>
        <p class="lead">{filled(words.consentAs, { name: shownName(account.pool.settings, account.user) })}</p>
        <nav aria-label={words.account}>
          <ul class="rows">
            {parts
              .filter(({ isThere }) => isThere(account))
              .map(({ path, title, about }) => (
                <li>
                  <PageLink frame={frame} to={ACCOUNT_PAGE + path} class="row link-row">
                    <span>
                      <span class="row-title">{words[title]}</span>
                      <span class="hint">{words[about]}</span>
                    </span>
                  </PageLink>
                </li>
              ))}
          </ul>
        </nav>
        <p class="below">
          <PageLink frame={frame} to={SIGN_OUT_PAGE}>
            {words.signOut}
          </PageLink>
        </p>
      </>
    )
    return show(frame, { title: words.account, body, styles: accountStyles })
  },
})
