// A service of one's own behind the gate, with Fastify; see gate-hono.mjs and docs/gate.md.
import { fastifyAuthorizer } from 'cognomen/authorizer'
import fastify from 'fastify'

const app = fastify()
// A signature covers the bytes of the body: they are kept as they came.
app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
  request.rawBody = bytes
  try {
    done(null, JSON.parse(bytes.toString()))
  } catch (error) {
    done(Object.assign(error, { statusCode: 400 }))
  }
})
const preHandler = fastifyAuthorizer({
  url: process.env.AWS_ENDPOINT_URL ?? 'http://127.0.0.1:9229',
  action: 'orders:{method}',
  resource: 'arn:aws:orders:us-east-1:000000000000:{path}',
  role: 'groups',
})
app.get('/orders/:id', { preHandler }, async (request) => ({ order: request.params.id, caller: request.caller }))
app.post('/orders/:id', { preHandler }, async (request) => ({
  order: request.params.id,
  content: request.body,
  caller: request.caller,
}))

await app.listen({ port: Number(process.env.PORT ?? 3000), host: '127.0.0.1' })
export const server = app.server
console.log(`http://127.0.0.1:${server.address().port}/orders/1`)
