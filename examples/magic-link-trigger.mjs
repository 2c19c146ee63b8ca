// Sign-in by a link in an e-mail: the three triggers of a custom challenge in one function, for magic-link.mjs.
// The link is good once and for three minutes, as the Session that it answers is, and only where that Session is: in the
// browser that asked for it. Who reads the mail elsewhere, or is sent somebody else's link, cannot use it.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import nodemailer from 'nodemailer'

const { SMTP_URL, MAIL_FROM = 'sign-in@example.com', SIGN_IN_PAGE = 'https://app.example.com/sign-in' } = process.env
const mailer = SMTP_URL && nodemailer.createTransport(SMTP_URL)

const answers = {
  // One link for each sign-in: a wrong token ends it.
  DefineAuthChallenge_Authentication: ({ session: [result] }) =>
    result
      ? { issueTokens: result.challengeResult, failAuthentication: !result.challengeResult }
      : { challengeName: 'CUSTOM_CHALLENGE' },

  CreateAuthChallenge_Authentication: ({ userAttributes: { email, email_verified } }) => {
    const token = randomBytes(32).toString('base64url')
    // Not awaited: the time that it takes would tell who has an account.
    if (email_verified === 'true') send(email, `${SIGN_IN_PAGE}#${token}`)
    return { privateChallengeParameters: { hash: sha256(token).toString('hex') } }
  },

  VerifyAuthChallengeResponse_Authentication: ({ challengeAnswer, privateChallengeParameters: { hash } }) => ({
    answerCorrect: timingSafeEqual(sha256(challengeAnswer), Buffer.from(hash, 'hex')),
  }),
}

export const handler = async (event) => ({ ...event, response: answers[event.triggerSource](event.request) })

const sha256 = (text) => createHash('sha256').update(text).digest()

/** By SMTP_URL; without it the link is printed, for development. */
function send(to, link) {
  if (!mailer) return console.log(`The link for ${to}: ${link}`)
  const text = `Open this link in the browser in which you asked for it, within three minutes:\n\n${link}\n`
  mailer.sendMail({ from: MAIL_FROM, to, subject: 'Your link', text }).catch(console.error)
}
