// Calls of the user-pool API over plain sockets: little work for each call, so that the load's core is not what limits.
// One request at a time on a connection; a connection that the server closed is opened anew.
import { connect } from 'node:net'
import { createSigner } from './sigv4.mjs'

const TARGET = 'AWSCognitoIdentityProviderService'

/** `call(operation, input)`, with `{ signed: true }` for operations of an administrator, on at most `connections` sockets. */
export function createApiClient({ url, region, credentials }, connections = 1) {
  const { hostname, port, host } = new URL(url)
  const sign = createSigner({ ...credentials, region, service: 'cognito-idp' })
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
    async call(operation, input, { signed = false } = {}) {
      const body = JSON.stringify(input)
      const headers = { host, 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `${TARGET}.${operation}` }
      const sent = signed ? sign(headers, body) : headers
      const { status, text } = await withConnection((connection) => connection.post(sent, body))
      const output = text === '' ? {} : JSON.parse(text)
      if (status === 200) return output
      throw new Error(`${operation} answered ${status} ${output.__type ?? ''}: ${output.message ?? text.slice(0, 200)}`)
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
    post: (headers, body) =>
      new Promise((resolve, reject) => {
        if (!socket) open()
        pending = { resolve, reject }
        const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
        socket.write(`POST / HTTP/1.1\r\n${lines.join('')}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
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
  return { status: Number(head.slice(9, 12)), text: bytes.toString('utf8', headEnd + 4, end), end }
}
