// Amplify 6 against Cognomen: sign-up with a code, SRP sign-in, a refresh, a sign-out.
// Paste the line that the server prints at its start, for the pool that the SDK makes. Then: node examples/amplify.mjs
import {
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { Amplify } from 'aws-amplify'
import { confirmSignUp, fetchAuthSession, getCurrentUser, signIn, signOut, signUp } from 'aws-amplify/auth'

const endpoint = process.env.AWS_ENDPOINT_URL
const admin = new CognitoIdentityProviderClient()
const { UserPool } = await admin.send(
  new CreateUserPoolCommand({ PoolName: 'amplify example', AutoVerifiedAttributes: ['email'] }),
)
const { UserPoolClient } = await admin.send(
  new CreateUserPoolClientCommand({ UserPoolId: UserPool.Id, ClientName: 'app' }),
)

// From here on, an app's own code. Only userPoolEndpoint is new to it.
Amplify.configure({
  Auth: {
    Cognito: { userPoolId: UserPool.Id, userPoolClientId: UserPoolClient.ClientId, userPoolEndpoint: endpoint },
  },
})
const [username, password, email] = ['ada', 'Correct-horse-1', 'ada@example.com']
await signUp({ username, password, options: { userAttributes: { email } } })
await confirmSignUp({ username, confirmationCode: await codeSentTo(email) })
await signIn({ username, password })
console.log('Signed in:', await getCurrentUser())
const { tokens } = await fetchAuthSession({ forceRefresh: true })
console.log('Claims of the refreshed ID token:', tokens.idToken.payload)
await signOut({ global: true })
console.log('Signed out.')

/** A development server keeps its messages instead of sending them. */
async function codeSentTo(address) {
  const response = await fetch(new URL(`/outbox.json?to=${encodeURIComponent(address)}`, endpoint))
  const { messages } = await response.json()
  return messages[0].code
}
