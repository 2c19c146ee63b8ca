// A service of one's own behind the gate, with Hono: credentials of an identity pool, keys of IAM or tokens of a user pool
// open it. node examples/gate-hono.mjs (after npm start), then a signed request or one with a token; docs/gate.md.
import { serve } from '@hono/node-server'
import { honoAuthorizer } from 'cognomen/authorizer'
import { Hono } from 'hono'

const app = new Hono()
app.use(
  '/orders/*',
  honoAuthorizer({
    url: process.env.AWS_ENDPOINT_URL ?? 'http://127.0.0.1:9229',
    action: 'orders:{method}',
    resource: 'arn:aws:orders:us-east-1:000000000000:{path}',
    role: 'groups',
  }),
)
app.get('/orders/:id', (c) => c.json({ order: c.req.param('id'), caller: c.get('caller') }))
app.post('/orders/:id', async (c) =>
  c.json({ order: c.req.param('id'), content: await c.req.json(), caller: c.get('caller') }),
)

export const server = serve(
  { fetch: app.fetch, port: Number(process.env.PORT ?? 3000), hostname: '127.0.0.1' },
  ({ port }) => console.log(`http://127.0.0.1:${port}/orders/1`),
)
