// Attributes of assertions that have condition keys of their own (IAM user guide, "Configure SAML assertions": eduPerson,
// eduOrg, Active Directory and X.500 attributes).

const edu = 'urn:oid:1.3.6.1.4.1.5923.1'
const claims = 'http://schemas.xmlsoap.org/claims'
const identityClaims = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims'

/** Condition keys, without `saml:`, by the name of the attribute. */
export const samlAttributeKeys: ReadonlyMap<string, string> = new Map([
  [`${edu}.1.1.1`, 'eduPersonAffiliation'],
  [`${edu}.1.1.2`, 'eduPersonNickname'],
  [`${edu}.1.1.3`, 'eduPersonOrgDN'],
  [`${edu}.1.1.4`, 'eduPersonOrgUnitDN'],
  [`${edu}.1.1.5`, 'eduPersonPrimaryAffiliation'],
  [`${edu}.1.1.6`, 'eduPersonPrincipalName'],
  [`${edu}.1.1.7`, 'eduPersonEntitlement'],
  [`${edu}.1.1.8`, 'eduPersonPrimaryOrgUnitDN'],
  [`${edu}.1.1.9`, 'eduPersonScopedAffiliation'],
  [`${edu}.1.1.10`, 'eduPersonTargetedID'],
  [`${edu}.1.1.11`, 'eduPersonAssurance'],
  [`${edu}.1.2.2`, 'eduOrgHomePageURI'],
  [`${edu}.1.2.3`, 'eduOrgIdentityAuthNPolicyURI'],
  [`${edu}.1.2.4`, 'eduOrgLegalName'],
  [`${edu}.1.2.5`, 'eduOrgSuperiorURI'],
  [`${edu}.1.2.6`, 'eduOrgWhitePagesURI'],
  ['urn:oid:2.5.4.3', 'cn'],
  [`${identityClaims}/name`, 'name'],
  [`${claims}/CommonName`, 'commonName'],
  [`${identityClaims}/givenname`, 'givenName'],
  [`${identityClaims}/surname`, 'surname'],
  [`${identityClaims}/emailaddress`, 'mail'],
  ['http://schemas.microsoft.com/ws/2008/06/identity/claims/primarygroupsid', 'primaryGroupSID'],
  ['urn:oid:2.5.4.4', 'surname'],
  ['urn:oid:2.5.4.42', 'givenName'],
  ['urn:oid:2.5.4.45', 'x500UniqueIdentifier'],
  ['urn:oid:0.9.2342.19200300.100.1.1', 'uid'],
  ['urn:oid:0.9.2342.19200300.100.1.3', 'mail'],
  ['urn:oid:0.9.2342.19200300.100.1.45', 'organizationStatus'],
])
