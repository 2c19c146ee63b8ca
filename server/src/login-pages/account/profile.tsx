// GET and POST /account/profile, POST /account/verify: the user's attributes, and codes that verify an address or number.
import { changeOwnAttributes } from '../../cognito-idp/profile/change-own-attributes.ts'
import { sendAttributeCode } from '../../cognito-idp/profile/send-attribute-code.ts'
import { verifyOwnAttribute } from '../../cognito-idp/profile/verify-own-attribute.ts'
import { fitsCode } from '../../cognito-idp/typed-input.ts'
import { isEmail, isPhoneNumber } from '../../cognito-idp/users/name-form-rules.ts'
import { autoVerified } from '../../cognito-idp/users/verification-rules.ts'
import type { CodeDeliveryDetailsType } from '../../contract/cognito-idp.types.ts'
import { type Contact, isContact } from '../../messages/delivery-rules.ts'
import { redirect } from '../../oauth/authorize/redirect.ts'
import type { PoolRequest } from '../../oauth/endpoint.ts'
import { ACCOUNT_PAGE } from '../../oauth/own-pages.ts'
import { attempt } from '../account-problem.ts'
import { attributeKind } from '../attribute-field-rules.ts'
import { codeOf } from '../challenges/code.tsx'
import { CodeField } from '../factor-fields.tsx'
import { AttributeField } from '../fields.tsx'
import { Form, openFrame, Submit } from '../frame.tsx'
import type { Words } from '../languages/en.ts'
import { filled } from '../languages.ts'
import { type Account, anew, forAccount } from './account.ts'
import { accountPage, foreignForm, Row, RowButton, type Said, saidOf } from './parts.tsx'
import { changesIn, type ShownAttribute, shownAttributes } from './profile-rules.ts'

const PROFILE_PAGE = `${ACCOUNT_PAGE}/profile`
const VERIFY_PAGE = `${ACCOUNT_PAGE}/verify`

export const profilePage = forAccount({
  fresh: true,
  answer: (_context, request, account) => showProfile(request, account),
})

export const postProfile = forAccount({
  fresh: true,
  category: 'UserUpdate',
  answer: async (context, request, account) => {
    const foreign = foreignForm(request)
    if (foreign) return showProfile(request, account, foreign)
    const { pool, client, user } = account
    const shown = shownAttributes(pool.settings, client.settings, user.attributes)
    const list = changesIn(request.form, shown, user.attributes)
    const typed = { ...user.attributes, ...Object.fromEntries(list.map(({ Name, Value }) => [Name, Value])) }
    const problem = typedProblem(shown, typed)
    const { words } = openFrame(request).language
    if (problem) return showProfile(request, account, { message: words[problem] }, typed)
    if (list.length === 0) return showProfile(request, account, { note: 'saved' })
    const { remoteAddress } = request
    const tried = await attempt(request, 'UpdateUserAttributes', () =>
      changeOwnAttributes(context, account, user, { list, remoteAddress }),
    )
    if ('problem' in tried) return showProfile(request, account, saidOf(request, tried.problem), typed)
    const [sent] = tried.done
    if (sent) return showVerify(request, sent)
    return showProfile(request, await anew(context, account), { note: 'saved' })
  },
})

export const verifyPage = forAccount({
  fresh: true,
  answer: (_context, { path, query }) => redirect(`${path}${PROFILE_PAGE}?${query}`),
})

/** A code, or the wish for a new one. */
export const postVerify = forAccount({
  fresh: true,
  category: 'UserUpdate',
  answer: async (context, request, account) => {
    const foreign = foreignForm(request)
    if (foreign) return showProfile(request, account, foreign)
    const { form, remoteAddress } = request
    const attribute = form.get('attribute') ?? ''
    if (!isContact(attribute)) return showProfile(request, account)
    if (form.get('again') !== undefined) {
      const tried = await attempt(request, 'GetUserAttributeVerificationCode', () =>
        sendAttributeCode(context, account, account.user, { attribute, remoteAddress }),
      )
      if ('problem' in tried) return showProfile(request, account, saidOf(request, tried.problem))
      return showVerify(request, tried.done)
    }
    const code = codeOf(form.get('code'))
    const { words } = openFrame(request).language
    if (!fitsCode(code)) return showVerify(request, { AttributeName: attribute }, { message: words.wrongCode })
    const tried = await attempt(request, 'VerifyUserAttribute', () =>
      verifyOwnAttribute(context, account.pool, account.user, { attribute, code, remoteAddress }),
    )
    if ('problem' in tried) return showVerify(request, { AttributeName: attribute }, saidOf(request, tried.problem))
    return showProfile(request, await anew(context, account), { note: 'verifiedNote' })
  },
})

/** What is wrong before anybody is asked: these have words in every language, the rules of the API have not. */
function typedProblem(
  shown: readonly ShownAttribute[],
  typed: Readonly<Record<string, string>>,
): keyof Words | undefined {
  if (shown.some(({ name, required }) => required && !typed[name])) return 'missing'
  const { email, phone_number: number } = typed
  if (email && !isEmail(email)) return 'notAnEmail'
  return number && !isPhoneNumber(number) ? 'notAPhone' : undefined
}

/** Addresses and numbers of the user that the pool verifies, and has not. */
const unverified = ({ pool, user: { attributes } }: Account): Contact[] =>
  autoVerified(pool.settings).filter((name) => attributes[name] && attributes[`${name}_verified`] !== 'true')

function showProfile(
  request: PoolRequest,
  account: Account,
  said: Said = {},
  typed: Readonly<Record<string, string>> = account.user.attributes,
): Response {
  const { pool, client, user } = account
  const shown = shownAttributes(pool.settings, client.settings, user.attributes)
  return accountPage(request, {
    title: 'accountProfile',
    said,
    body: (frame) => {
      const { words } = frame.language
      return (
        <>
          <Form frame={frame} to={PROFILE_PAGE}>
            {shown.map(({ name, required }) => (
              <AttributeField frame={frame} name={name} value={typed[name]} required={required} plain />
            ))}
            {shown.length === 0 ? <p class="lead">{words.nothingToChange}</p> : <Submit>{words.save}</Submit>}
          </Form>
          <ul class="rows">
            {unverified(account).map((name) => (
              <Row title={user.attributes[name]} about={[words.notVerified]}>
                <RowButton
                  frame={frame}
                  to={VERIFY_PAGE}
                  fields={{ attribute: name, again: 'yes' }}
                  about={user.attributes[name] ?? ''}
                >
                  {words.verify}
                </RowButton>
              </Row>
            ))}
          </ul>
        </>
      )
    },
  })
}

/** The form for a code; `sent`: where it went, as far as that is known. */
function showVerify(request: PoolRequest, sent: CodeDeliveryDetailsType, said: Said = {}): Response {
  const attribute = sent.AttributeName ?? ''
  const label = attributeKind(attribute)?.label ?? 'code'
  return accountPage(request, {
    title: 'verifyTitle',
    said,
    body: (frame) => {
      const { words } = frame.language
      const { Destination: destination } = sent
      return (
        <>
          <p class="lead">{destination === undefined ? words[label] : filled(words.codeSentTo, { destination })}</p>
          <Form frame={frame} to={VERIFY_PAGE}>
            <input type="hidden" name="attribute" value={attribute} />
            <CodeField label={words.code} />
            <Submit>{words.verify}</Submit>
          </Form>
          <Form frame={frame} to={VERIFY_PAGE}>
            <input type="hidden" name="attribute" value={attribute} />
            <div class="again">
              <button type="submit" name="again" value="yes" class="link">
                {words.sendNewCode}
              </button>
            </div>
          </Form>
        </>
      )
    },
  })
}
