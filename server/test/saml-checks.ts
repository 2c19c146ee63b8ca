// Responses of the tests' provider, verified as a service provider would.
import { expect } from 'vitest'
import { type SamlResponseInput, type SamlSignIn, verifySamlResponse } from '../src/saml/response.ts'
import {
  AUDIENCE,
  base64,
  metadata,
  NOW,
  RECIPIENT,
  type ResponseParts,
  response,
  type SignOptions,
  signed,
} from './saml-provider.ts'

/** Verifies a document; what `input` has instead of the right metadata, time and expectations. */
export const verify = (xml: string, input: Partial<SamlResponseInput> = {}) =>
  verifySamlResponse({
    response: base64(xml),
    metadata: metadata(),
    now: NOW,
    audiences: [AUDIENCE],
    recipients: [RECIPIENT],
    ...input,
  })

export const withSignedAssertion = (parts: ResponseParts = {}, options?: SignOptions) =>
  signed(response(parts), parts.assertionId ?? '_assertion', options)
export const withSignedResponse = (parts: ResponseParts = {}, options?: SignOptions) =>
  signed(response(parts), parts.responseId ?? '_response', options)

export async function expectRefusal(
  xml: string | Promise<string>,
  refused: string,
  detail?: RegExp,
  input: Partial<SamlResponseInput> = {},
): Promise<void> {
  expect(await verify(await xml, input)).toEqual({
    refused,
    detail: detail ? expect.stringMatching(detail) : expect.any(String),
    ...(refused === 'expired' && { expiredAt: expect.any(Number) }),
  })
}

export async function expectSignIn(
  xml: string | Promise<string>,
  input: Partial<SamlResponseInput> = {},
): Promise<SamlSignIn> {
  const result = await verify(await xml, input)
  expect(result).not.toHaveProperty('refused')
  return result as SamlSignIn
}
