// How each protocol writes an error (user-pools reference 1.3; identity-pools reference 14.3, 15.1).
import type { ServiceModel } from '../../contract/service-model.ts'
import { CONTENT_TYPE, writeJsonError } from './aws-json.ts'

interface WrittenError {
  headers: Record<string, string>
  body: string
}

type Writer = (name: string, message: string, status: number, requestId: string) => WrittenError

const json =
  (contentType: string): Writer =>
  (name, message) => {
    const { headers, body } = writeJsonError(name, message)
    return { headers: { 'content-type': contentType, ...headers }, body }
  }

const xml: Writer = (name, message, status, requestId) => ({
  headers: { 'content-type': 'text/xml' },
  body: `<ErrorResponse><Error><Type>${status >= 500 ? 'Receiver' : 'Sender'}</Type><Code>${escapeXml(name)}</Code><Message>${escapeXml(message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
})

const escapeXml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[^\t\n\r\x20-\ufffd]/g, '')

export const errorWriters: Readonly<Record<ServiceModel['protocol'], Writer>> = {
  json: json(CONTENT_TYPE),
  'rest-json': json('application/json'),
  query: xml,
}
