import { expect, test } from 'vitest'
import { requestRegion } from './request-region-rules.ts'

const regions = ['us-east-1', 'eu-west-1']

test.each([
  ['localhost:9229', '/', undefined, '/'],
  ['localhost:9229', '/regions/eu-west-1', 'eu-west-1', '/'],
  ['localhost:9229', '/regions/eu-west-1/', 'eu-west-1', '/'],
  ['localhost:9229', '/regions/eu-west-1/us-east-1_a/oauth2/token', 'eu-west-1', '/us-east-1_a/oauth2/token'],
  // In the form of a region, so that calls are answered as in a region without pools.
  ['localhost', '/regions/ap-southeast-2/', 'ap-southeast-2', '/'],
  ['localhost', '/regions/', undefined, '/regions/'],
  ['localhost', '/regions/EU-WEST-1/', undefined, '/regions/EU-WEST-1/'],
  ['localhost', '/regions/eu-west-1x/', undefined, '/regions/eu-west-1x/'],
  ['localhost', '/regions/../', undefined, '/regions/../'],
  ['localhost', '/x/regions/eu-west-1/', undefined, '/x/regions/eu-west-1/'],
  ['cognito-idp.eu-west-1.example.com', '/', 'eu-west-1', '/'],
  ['COGNITO-IDP.EU-WEST-1.example.com:443', '/a', 'eu-west-1', '/a'],
  ['cognito-identity.us-east-1.localhost', '/', 'us-east-1', '/'],
  // The path is the nearer one.
  ['cognito-idp.eu-west-1.example.com', '/regions/us-east-1/', 'us-east-1', '/'],
  ['cognito-idp.eu-central-1.example.com', '/', undefined, '/'],
  ['auth.eu-west-1.example.com', '/', undefined, '/'],
  ['cognito-idp.example.com', '/', undefined, '/'],
  [undefined, '/', undefined, '/'],
])('%s %s', (host, rawPath, region, path) => {
  expect(requestRegion(regions, host, rawPath)).toEqual({ region, path })
})
