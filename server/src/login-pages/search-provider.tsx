// POST /idpsearch: from an e-mail address to the identity provider of its domain (docs/reference/oauth-and-federation.md 4.1).
import { withAuthorizationRequest } from '../oauth/authorize/authorize.ts'
import type { Endpoint } from '../oauth/endpoint.ts'
import { identifierOfAddress } from '../oauth/upstream/choose-provider.ts'
import { isOwnPost, openFrame, show } from './frame.tsx'
import { showLogin } from './login.tsx'

export const searchProvider: Endpoint = {
  answer: (context, request) =>
    withAuthorizationRequest(context, request, async (asked) => {
      const { words } = openFrame(request).language
      if (!isOwnPost(request)) return showLogin(context, request, asked, { message: words.formExpired, status: 403 })
      const address = request.form.get('idp_email')?.trim()
      if (!address) return showLogin(context, request, asked, { message: words.missing, status: 400 })
      const identifier = await identifierOfAddress(context, asked, address)
      if (identifier === undefined)
        return showLogin(context, request, asked, { message: words.unknownDomain, status: 400 })
      const query = request.query.with({ idp_identifier: identifier, login_hint: address })
      const target = `${request.path}/oauth2/authorize?${query}`
      // A redirect after a form may lead to this origin and the application alone (`form-action`), a page may lead on.
      const response = show(openFrame(request), {
        title: words.continue,
        body: (
          <a class="choice" href={target}>
            {words.continue}
          </a>
        ),
      })
      response.headers.set('refresh', `0; url=${target}`)
      return response
    }),
}
