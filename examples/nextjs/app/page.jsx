import { getServerSession } from 'next-auth'
import { authOptions } from '../auth.js'

/** Who is signed in, as the session of Auth.js says. */
export default async function Home() {
  const session = await getServerSession(authOptions)
  return session ? (
    <main>
      <h1>Hello, {session.user.name}</h1>
      <p>{session.user.email}</p>
      <a href="/api/auth/signout">Sign out</a>
    </main>
  ) : (
    <main>
      <h1>Nobody is signed in</h1>
      <a href="/api/auth/signin">Sign in</a>
    </main>
  )
}
