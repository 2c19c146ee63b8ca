// Calls of the API over plain sockets: little work per call, so that the core of the load is not the bottleneck.
// One request at a time on a connection; a connection that the server closed is opened anew.
import { connect } from 'node:net'
import { createSigner } from './sigv4.mjs'

const TARGETS = { 'cognito-idp': 'AWSCognitoIdentityProviderService', 'cognito-identity': 'AWSCognitoIdentityService' }
const VERSIONS = { sts: '2011-06-15', iam: '2010-05-08' }

/**
 * `call(operation, input)` of user pools or another `service` with JSON, `query(service, operation, parameters)` of STS or
 * IAM, which answers the XML; `rest(method, path)` of Cognito Sync; `web(path)` of pages and OAuth endpoints; with `{ signed: true }` for operations of an administrator, or `{ signed: credentials }`; on at
 * most `connections` sockets.
 */
export function createApiClient({ url, region, credentials }, connections = 1) {
  const { hostname, port, host } = new URL(url)
  const signers = new Map()
  const sign = (signed, service, headers, body, request) => {
    if (!signed) return headers
    const key = signed === true ? credentials : signed
    const name = `${service} ${key.accessKeyId}`
    if (!signers.has(name)) signers.set(name, createSigner({ ...key, region, service }))
    return signers.get(name)(headers, body, request)
  }
  const free = Array.from({ length: connections }, () => createConnection(hostname, Number(port)))
  const waiting = []

  async function withConnection(use) {
    const connection = free.pop() ?? (await new Promise((resolve) => waiting.push(resolve)))
    try {
      return await use(connection)
    } finally {
      const next = waiting.shift()
      if (next) next(connection)
      else free.push(connection)
    }
  }

  return {
    async call(operation, input, { signed = false, service = 'cognito-idp' } = {}) {
      const body = JSON.stringify(input)
      const headers = {
        host,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `${TARGETS[service]}.${operation}`,
      }
      const sent = sign(signed, service, headers, body)
      const { status, text } = await withConnection((connection) => connection.send(sent, body))
      const output = text === '' ? {} : JSON.parse(text)
      if (status === 200) return output
      throw new Error(`${operation} answered ${status} ${output.__type ?? ''}: ${output.message ?? text.slice(0, 200)}`)
    },
    async query(service, operation, parameters, { signed = false } = {}) {
      const body = new URLSearchParams({ Action: operation, Version: VERSIONS[service], ...parameters }).toString()
      const headers = { host, 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
      const sent = sign(signed, service, headers, body)
      const { status, text } = await withConnection((connection) => connection.send(sent, body))
      if (status === 200) return text
      throw new Error(`${operation} answered ${status}: ${text.slice(0, 300)}`)
    },
    /** A call of Cognito Sync by method and path. */
    async rest(method, path, { query = '', input, signed }) {
      const body = input === undefined ? '' : JSON.stringify(input)
      const headers = { host, 'content-type': 'application/json' }
      const sent = sign(signed, 'cognito-sync', headers, body, { method, path, query })
      const target = query === '' ? path : `${path}?${query}`
      const { status, text } = await withConnection((connection) =>
        connection.send(sent, body, { method, path: target }),
      )
      if (status === 200) return JSON.parse(text)
      throw new Error(`${method} ${path} answered ${status}: ${text.slice(0, 300)}`)
    },
    /** A request as browsers and applications send it: `form` makes it a POST. The answer: `{ status, head, text }`. */
    web(path, { form, headers = {} } = {}) {
      const body = form === undefined ? '' : new URLSearchParams(form).toString()
      const type = form !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }
      const method = form === undefined ? 'GET' : 'POST'
      return withConnection((connection) => connection.send({ host, ...type, ...headers }, body, { method, path }))
    },
    close: () => {
      for (const connection of free) connection.close()
    },
  }
}

function createConnection(host, port) {
  let socket
  let pending
  let received = Buffer.alloc(0)

  function open() {
    socket = connect({ host, port, noDelay: true })
    received = Buffer.alloc(0)
    socket.on('data', (chunk) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
      const answer = readAnswer(received)
      if (!answer) return
      received = received.subarray(answer.end)
      settle('resolve', answer)
    })
    socket.on('error', (error) => settle('reject', error))
    socket.on('close', () => {
      socket = undefined
      settle('reject', new Error('The server closed the connection.'))
    })
  }

  function settle(how, value) {
    const settled = pending
    pending = undefined
    settled?.[how](value)
  }

  return {
    send: (headers, body, { method = 'POST', path = '/' } = {}) =>
      new Promise((resolve, reject) => {
        if (!socket) open()
        pending = { resolve, reject }
        const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
        socket.write(
          `${method} ${path} HTTP/1.1\r\n${lines.join('')}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
        )
      }),
    close: () => socket?.destroy(),
  }
}

/** The answer at the front of `bytes`; undefined when it is not complete. */
function readAnswer(bytes) {
  const headEnd = bytes.indexOf('\r\n\r\n')
  if (headEnd < 0) return undefined
  const head = bytes.toString('latin1', 0, headEnd)
  const length = /^content-length: *(\d+)/im.exec(head)?.[1]
  if (length === undefined) throw new Error(`An answer without Content-Length is not understood:\n${head}`)
  const end = headEnd + 4 + Number(length)
  if (bytes.length < end) return undefined
  return { status: Number(head.slice(9, 12)), head, text: bytes.toString('utf8', headEnd + 4, end), end }
}
