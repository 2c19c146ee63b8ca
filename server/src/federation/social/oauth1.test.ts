import { expect, test } from 'vitest'
import { oauth1Authorization } from './oauth1.ts'

const signatureIn = (header: string): string => decodeURIComponent(/oauth_signature="([^"]*)"/.exec(header)?.[1] ?? '')

test('signs as RFC 5849 1.2 does', () => {
  // The example's request has no oauth_version, as ours.
  const header = oauth1Authorization(
    'GET',
    'http://photos.example.net/photos?file=vacation.jpg&size=original',
    {
      consumerKey: 'dpf43f3p2l4k3l03',
      consumerSecret: 'kd94hf93k423kf44',
      token: 'nnch734d00sl2jdk',
      tokenSecret: 'pfkkdhi9sl3r4s00',
    },
    { nonce: 'chapoH', timestamp: 137131202 },
  )
  expect(signatureIn(header)).toBe('MdpQcU8iPSUjWoN/UDMsK2sui9I=')
  expect(header).toBe(
    'OAuth oauth_consumer_key="dpf43f3p2l4k3l03", oauth_nonce="chapoH", oauth_signature_method="HMAC-SHA1", oauth_timestamp="137131202", oauth_token="nnch734d00sl2jdk", oauth_signature="MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D"',
  )
})

test('encodes and sorts what it signs (RFC 5849 3.4.1.3.2, 3.6)', () => {
  const sign = (query: string): string =>
    signatureIn(
      oauth1Authorization(
        'get',
        `https://api.example.com/x?${query}`,
        { consumerKey: 'a b', consumerSecret: '%', token: "!'()*", tokenSecret: 'ü' },
        { nonce: 'n', timestamp: 1 },
      ),
    )
  expect(sign('b=1&a=2')).toBe(sign('a=2&b=1'))
  expect(sign('a=2&a=10')).toBe(sign('a=10&a=2'))
  expect(sign('a=%21')).toBe(sign('a=!'))
  expect(sign('a=1')).not.toBe(sign('a=2'))
})
