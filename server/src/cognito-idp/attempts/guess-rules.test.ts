import { describe, expect, it } from 'vitest'
import { wasGuess } from './guess-rules.ts'

describe('a guess', () => {
  it('is what was refused because a secret or name was wrong', () => {
    expect(wasGuess('InitiateAuth', { AuthFlow: 'USER_PASSWORD_AUTH' }, 'NotAuthorizedException')).toBe(true)
    expect(wasGuess('RespondToAuthChallenge', {}, 'NotAuthorizedException')).toBe(true)
    expect(wasGuess('ConfirmForgotPassword', {}, 'CodeMismatchException')).toBe(true)
  })

  it('is not a refresh, a refusal for another reason, or another operation', () => {
    for (const AuthFlow of ['REFRESH_TOKEN_AUTH', 'REFRESH_TOKEN'])
      expect(wasGuess('InitiateAuth', { AuthFlow }, 'NotAuthorizedException')).toBe(false)
    expect(wasGuess('InitiateAuth', { AuthFlow: 'USER_PASSWORD_AUTH' }, 'TooManyRequestsException')).toBe(false)
    expect(wasGuess('GetTokensFromRefreshToken', {}, 'NotAuthorizedException')).toBe(false)
    expect(wasGuess('constructor', {}, 'InternalErrorException')).toBe(false)
  })
})
