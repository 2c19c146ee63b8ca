// What all parts of a bench know of its users without being told: who the n-th of a seeded pool is, for those who write the
// users and those who ask for them.

const givenNames =
  'Ada Alan Barbara Bernd Carla Chen Dagmar Dennis Edsger Elena Frances Fatima Grace Gerald Hedy Hiro Ivan Ines John Joan Katherine Ken Leslie Lin Margaret Marvin Niklaus Noor Olga Otto Pablo Priya Radia Rasmus Shafi Silvio Tim Tove Ulf Whitfield'.split(
    ' ',
  )
/** None begins with another. */
export const familyNames =
  'Allen Backus Cerf Diffie Engelbart Floyd Goldwasser Hamilton Iverson Johnson Kahn Lamport Minsky Naur Ousterhout Perlman Quillen Rivest Shannon Turing Ullman Valiant Wirth Yao Zadeh Adleman Blum Codd Dijkstra Feigenbaum Gray Hopper Kay Liskov McCarthy Newell Patterson Ritchie Sutherland Thompson'.split(
    ' ',
  )

/** Users of one family name among `users`. */
export const usersOfName = (users) => Math.floor(users / familyNames.length)

/** Attributes of user number `i`. */
export function person(i) {
  const given = givenNames[Math.floor(i / familyNames.length) % givenNames.length]
  const family = familyNames[i % familyNames.length]
  return {
    email: emailOf(i),
    email_verified: 'true',
    name: `${given} ${family}`,
    given_name: given,
    family_name: family,
  }
}

export const emailOf = (i) => `user.${String(i).padStart(7, '0')}@example.com`

export const passwordOf = (i) => `Passw0rd!${i}`

/** The code in every message of the server (COGNOMEN_DEV_CODE): a load has no mailbox. */
export const DEV_CODE = '246802'
