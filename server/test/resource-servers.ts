// Resource servers for tests.
import { CreateResourceServerCommand, type ResourceServerScopeType } from '@aws-sdk/client-cognito-identity-provider'
import type { TestServer } from './harness.ts'

/** Scopes of these names. */
export const scopesNamed = (...names: string[]): ResourceServerScopeType[] =>
  names.map((ScopeName) => ({ ScopeName, ScopeDescription: `To ${ScopeName}` }))

/** A resource server with scopes of these names. */
export const makeResourceServer = (server: TestServer, UserPoolId: string, Identifier: string, ...names: string[]) =>
  server.admin.send(
    new CreateResourceServerCommand({
      UserPoolId,
      Identifier,
      Name: Identifier.replaceAll(/\W/g, '-'),
      Scopes: scopesNamed(...names),
    }),
  )
