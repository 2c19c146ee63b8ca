// What an implemented operation does not do as the service does it, for docs/compatibility.md. `partly`: an application
// may notice. `done`: what the operation is for works, and what is named comes with a part of Cognito that is not here yet.

export interface Difference {
  state: 'done' | 'partly'
  note: string
}

const signIn: Difference = {
  state: 'done',
  note: 'SRP, password, admin password, refresh and new-password steps. Not yet: CUSTOM_AUTH, USER_AUTH, multi-factor, devices, triggers; each is refused by name.',
}

export const differences: Readonly<Record<string, Difference>> = {
  AdminInitiateAuth: signIn,
  AdminRespondToAuthChallenge: signIn,
  InitiateAuth: signIn,
  RespondToAuthChallenge: signIn,
}
