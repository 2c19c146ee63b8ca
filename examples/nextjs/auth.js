// What Auth.js knows of the pool. `checks`: Cognito's provider asks for a nonce, as the pool's ID tokens have it.
import Cognito from 'next-auth/providers/cognito'

export const authOptions = {
  providers: [
    Cognito({
      issuer: process.env.COGNITO_ISSUER,
      clientId: process.env.COGNITO_CLIENT_ID,
      clientSecret: process.env.COGNITO_CLIENT_SECRET,
      checks: ['pkce', 'nonce', 'state'],
    }),
  ],
}
