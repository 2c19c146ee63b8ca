// The start page of a server, for people who open its address in a browser, its icon, and in development how to connect to
// it. Programs that ask `/` reach the API (doors.ts).
import { Hono } from 'hono'
import { variables } from '../config/env.ts'
import type { Context } from '../context.ts'
import { regionPrefix } from '../http/request-region-rules.ts'
import { version } from '../version.ts'
import { favicon } from './favicon.ts'
import { Page, sendPage } from './page.tsx'

/** `GET /`, `GET /favicon.svg`, `GET /favicon.ico`; in development `GET /documentation`. */
export function homePages(context: Context): Hono {
  const app = new Hono()
  app.get('/', (call) => sendPage(call, <Home context={context} />))
  if (!context.config.production)
    app.get('/documentation', (call) => sendPage(call, <Documentation context={context} />))
  // Browsers ask for favicon.ico by themselves where a page names no icon, such as on JSON.
  for (const path of ['/favicon.svg', '/favicon.ico'])
    app.get(path, (call) =>
      call.body(favicon, 200, {
        'content-type': 'image/svg+xml',
        'cache-control': 'public, max-age=86400',
        'x-content-type-options': 'nosniff',
      }),
    )
  return app
}

function Home({ context }: { context: Context }) {
  const { production, region, regions } = context.config
  const further = regions.filter((one) => one !== region)
  return (
    <Page title="Cognomen">
      <h1>Cognomen</h1>
      <p class="lead">Self-hosted identity that speaks Amazon Cognito's protocols.</p>
      <div class="card">
        <dl>
          <dt>Endpoint</dt>
          <dd>
            <code>{context.publicUrl}</code>
          </dd>
          <dt>Region</dt>
          <dd>{region}</dd>
          {further.length === 0 ? null : (
            <>
              <dt>Also</dt>
              <dd>
                {further.map((one) => (
                  <div>
                    {one} at <code>{regionUrl(context.publicUrl, one)}</code>
                  </div>
                ))}
              </dd>
            </>
          )}
          {/* In public, the version would tell which weaknesses to try. */}
          {production ? null : (
            <>
              <dt>Version</dt>
              <dd>{version()}</dd>
              <dt>Mode</dt>
              <dd>development: messages that nothing sends are kept in the outbox</dd>
            </>
          )}
        </dl>
      </div>
      <nav class="links">
        {production ? null : (
          <>
            <Link href="/outbox" title="Outbox" about="E-mail and SMS with their codes, as they would have been sent" />
            <Link
              href="/documentation"
              title="Documentation"
              about="How to connect an application, and every setting"
            />
            <Link href="/metrics" title="Metrics" about="What this process counted, for Prometheus" />
          </>
        )}
        <Link href="/health/ready" title="Health" about="Whether this server and its database serve requests" />
      </nav>
    </Page>
  )
}

/** The address of a region of user pools (docs/behaviour/replicas.md). */
const regionUrl = (publicUrl: string, region: string): string => `${publicUrl}${regionPrefix(region)}`

function Link({ href, title, about }: { href: string; title: string; about: string }) {
  return (
    <a class="card" href={href}>
      <strong>{title}</strong>
      <span>{about}</span>
    </a>
  )
}

function Documentation({ context }: { context: Context }) {
  const { publicUrl, config } = context
  return (
    <Page title="Documentation">
      <p class="up">
        <a href="/">Cognomen</a>
      </p>
      <h1>Documentation</h1>
      <p class="lead">
        The package and the repository have more: README.md, docs/compatibility.md (every operation), docs/behaviour/.
      </p>
      <h2 class="section">Connect an application</h2>
      <p>
        Every AWS SDK takes the endpoint, the region and a key. What the server printed at its start says where the key
        is.
      </p>
      {connections(publicUrl, config.region).map(([title, code]) => (
        <div class="card">
          <strong>{title}</strong>
          <pre>{code}</pre>
        </div>
      ))}
      <h2 class="section">Settings</h2>
      <p>Environment variables, read at the start.</p>
      <div class="card">
        <dl class="settings">
          {Object.entries(variables).map(([name, variable]) => (
            <>
              <dt>
                <code>{name}</code>
              </dt>
              <dd>
                {withCode(variable.about)}
                {'default' in variable ? <span class="muted"> Default: {withCode(variable.default)}.</span> : null}
              </dd>
            </>
          ))}
        </dl>
      </div>
    </Page>
  )
}

/** Text in which backticks set code apart, as elements. */
const withCode = (text: string) => text.split('`').map((part, at) => (at % 2 === 1 ? <code>{part}</code> : part))

/** What to paste into an application, for each kind of client. */
const connections = (endpoint: string, region: string): [title: string, code: string][] => [
  [
    'AWS SDK for JavaScript',
    `new CognitoIdentityProviderClient({\n  endpoint: '${endpoint}',\n  region: '${region}',\n  credentials: { accessKeyId, secretAccessKey },\n})`,
  ],
  ['AWS CLI', `aws --endpoint-url ${endpoint} --region ${region} cognito-idp list-user-pools --max-results 10`],
  [
    'Amplify',
    `Amplify.configure({\n  Auth: {\n    Cognito: {\n      userPoolId,\n      userPoolClientId,\n      userPoolEndpoint: '${endpoint}',\n    },\n  },\n})`,
  ],
  [
    'Verifying tokens',
    `issuer   ${endpoint}/<userPoolId>\n         ${endpoint}/issuer/<userPoolId>, with the issuer type UPDATED\nkeys     <issuer>/.well-known/jwks.json`,
  ],
]
