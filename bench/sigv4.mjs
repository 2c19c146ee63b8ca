// Signature Version 4, the client's side, for the signed operations of the load. Written apart from the server's own.
import { createHash, createHmac } from 'node:crypto'

const hmac = (key, text) => createHmac('sha256', key).update(text).digest()
const sha256Hex = (text) => createHash('sha256').update(text).digest('hex')

/**
 * A signer of POST requests: `sign(headers, body)` answers the headers with a date, the session's token if there is one, and an
 * authorization. `path` is as it is sent; what it has encoded is encoded once more in what is signed.
 */
export function createSigner({ accessKeyId, secretAccessKey, sessionToken, region, service, path = '/' }) {
  const keys = new Map()
  const keyOf = (date) => {
    if (!keys.has(date)) keys.set(date, [date, region, service, 'aws4_request'].reduce(hmac, `AWS4${secretAccessKey}`))
    return keys.get(date)
  }
  return (headers, body) => {
    const time = new Date().toISOString().replace(/[:-]|\.\d{3}/g, '')
    const sent = { ...headers, 'x-amz-date': time, ...(sessionToken && { 'x-amz-security-token': sessionToken }) }
    const names = Object.keys(sent).sort()
    const canonical = [
      'POST',
      path.replaceAll('%', '%25'),
      '',
      ...names.map((name) => `${name}:${sent[name]}`),
      '',
      names.join(';'),
      sha256Hex(body),
    ].join('\n')
    const date = time.slice(0, 8)
    const scope = `${date}/${region}/${service}/aws4_request`
    const signature = hmac(keyOf(date), `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256Hex(canonical)}`).toString('hex')
    const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`
    return { ...sent, authorization }
  }
}
