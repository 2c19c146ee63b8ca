// A service of one's own behind the gate, with Express; see gate-hono.mjs and docs/gate.md.
import { expressAuthorizer } from 'cognomen/authorizer'
import express from 'express'

const app = express()
// A signature covers the bytes of the body: they are kept as they came.
const keepBytes = (request, _response, bytes) => {
  request.rawBody = bytes
}
app.use(express.json({ verify: keepBytes }))
app.use(
  '/orders',
  expressAuthorizer({
    url: process.env.AWS_ENDPOINT_URL ?? 'http://127.0.0.1:9229',
    action: 'orders:{method}',
    resource: 'arn:aws:orders:us-east-1:000000000000:{path}',
    role: 'groups',
  }),
)
app.get('/orders/:id', (request, response) => response.json({ order: request.params.id, caller: request.caller }))
app.post('/orders/:id', (request, response) =>
  response.json({ order: request.params.id, content: request.body, caller: request.caller }),
)

export const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () =>
  console.log(`http://127.0.0.1:${server.address().port}/orders/1`),
)
