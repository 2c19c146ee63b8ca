// The links to a client's terms of use and privacy policy, on the page of a sign-up: only where there are both
// (docs/reference/oauth-and-federation.md 17.5).
import { findTermsOfClient, type Terms } from '../cognito-idp/terms/terms-store.ts'
import type { Context } from '../context.ts'
import type { AuthorizationRequest } from '../oauth/authorize/read-request.ts'
import type { Frame } from './frame.tsx'

/** The names of languages in terms, by the codes of pages. */
const languages: Readonly<Record<string, string>> = {
  de: 'german',
  en: 'english',
  es: 'spanish',
  fr: 'french',
  id: 'bahasa-indonesia',
  it: 'italian',
  ja: 'japanese',
  ko: 'korean',
  nl: 'dutch',
  'pt-BR': 'portuguese-brazil',
  'zh-CN': 'chinese-simplified',
  'zh-TW': 'chinese-traditional',
}

export interface Documents {
  readonly terms: Terms
  readonly privacy: Terms
}

/** One statement. */
export async function findDocuments(
  context: Pick<Context, 'db'>,
  { pool, client }: AuthorizationRequest,
): Promise<Documents | undefined> {
  const all = await findTermsOfClient(context.db, pool.id, client.clientId)
  const terms = all.find(({ name }) => name === 'terms-of-use')
  const privacy = all.find(({ name }) => name === 'privacy-policy')
  return terms && privacy && { terms, privacy }
}

const linkOf = ({ links }: Terms, language: string): string | undefined =>
  links[`cognito:${languages[language]}`] ?? links['cognito:default']

export function DocumentLinks({ frame, documents }: { frame: Frame; documents: Documents | undefined }) {
  if (documents === undefined) return null
  const { words, code } = frame.language
  const names = { terms: words.termsOfUse, privacy: words.privacyPolicy }
  return (
    <p class="legal legalText-customizable">
      {words.agreeToTerms.split(/\{(terms|privacy)\}/).map((part) =>
        part === 'terms' || part === 'privacy' ? (
          // In a tab of its own: what was typed stays.
          <a href={linkOf(documents[part], code)} target="_blank" rel="noopener noreferrer">
            {names[part]}
          </a>
        ) : (
          part
        ),
      )}
    </p>
  )
}
