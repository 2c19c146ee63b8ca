// Canonicalization against the examples of the specification (W3C xml-exc-c14n 2.2 and xml-c14n 3), and the parser's
// own behaviour where signatures rest on it.
import { describe, expect, test } from 'vitest'
import { attributeOf, everyElement, textOf, withXml, type XmlElement, type XmlLimits } from './xml.ts'

const limits: XmlLimits = { length: 10_000, elements: 100, comments: 'dropped' }
const named = (root: XmlElement, name: string): XmlElement =>
  [...everyElement(root)].find((element) => element.name === name) as XmlElement

const canonical = (xml: string, name: string, prefixes: string[] = []): Promise<string> =>
  withXml(xml, limits, (document) => document.canonical(named(document.root, name), prefixes))

describe('exclusive canonical form', () => {
  test('does not depend on the surrounding document (xml-exc-c14n 2.2)', async () => {
    const alone =
      '<n1:elem2 xmlns:n1="http://example.net" xml:lang="en">\n  <n3:stuff xmlns:n3="ftp://example.org"/>\n</n1:elem2>'
    const inOne = `<n0:pdu xmlns:n0="http://a.example" xmlns:n1="http://b.example">\n${alone}\n</n0:pdu>`
    const inOther = `<n2:pdu xmlns:n1="http://example.com" xmlns:n2="http://foo.example" xml:lang="fr" xml:space="retain">\n${alone}\n</n2:pdu>`
    const expected = alone.replace('/>', '></n3:stuff>')
    for (const xml of [alone, inOne, inOther]) expect(await canonical(xml, 'elem2')).toBe(expected)
  })

  test('keeps listed prefixes as inclusive canonicalization does (xml-exc-c14n 2.3)', async () => {
    const xml = '<r xmlns:xs="urn:xs" xmlns:x="urn:x"><v xmlns:t="urn:t" t="xs:string"/></r>'
    expect(await canonical(xml, 'v')).toBe('<v t="xs:string"></v>')
    expect(await canonical(xml, 'v', ['xs'])).toBe('<v xmlns:xs="urn:xs" t="xs:string"></v>')
  })

  test('orders, quotes and completes (xml-c14n 3.3 and 3.4)', async () => {
    const xml = `<doc><e5 a:attr="out" b:attr="sorted" attr2="all" attr="I'm" xmlns:b="http://www.ietf.org" xmlns:a="http://www.w3.org" xmlns="http://example.org"/></doc>`
    expect(await canonical(xml, 'e5')).toBe(
      `<e5 xmlns="http://example.org" xmlns:a="http://www.w3.org" xmlns:b="http://www.ietf.org" attr="I'm" attr2="all" b:attr="sorted" a:attr="out"></e5>`,
    )
    expect(
      await canonical('<doc><text>First line&#x0d;&#10;Second &gt; <![CDATA[value<"0"]]></text></doc>', 'text'),
    ).toBe('<text>First line&#xD;\nSecond &gt; value&lt;"0"</text>')
    expect(await canonical(`<doc><n a='"&lt;&gt;&#9;&#10;' b=" x  y "/></doc>`, 'n')).toBe(
      '<n a="&quot;&lt;>&#x9;&#xA;" b=" x  y "></n>',
    )
  })

  test('without comments, and without what was removed', async () => {
    const xml = '<r><a>1<!-- x -->2</a><b>3</b></r>'
    await withXml(xml, limits, (document) => {
      expect(document.canonical(document.root)).toBe('<r><a>12</a><b>3</b></r>')
      document.remove(named(document.root, 'b'))
      expect(document.canonical(document.root)).toBe('<r><a>12</a></r>')
      expect(() => document.canonical(named(document.root, 'b'))).toThrow('not of this document')
    })
  })
})

describe('the plain copy', () => {
  test('has text whole, with comments and CDATA in it', async () => {
    const root = await withXml(
      '<r a="&#65;&amp;">x<!-- c -->y<![CDATA[<z>]]>&#x21;<i>in</i></r>',
      limits,
      (document) => document.root,
    )
    expect(textOf(root)).toBe('xy<z>!in')
    expect(attributeOf(root, 'a')).toBe('A&')
  })

  test('tells attributes with a namespace from those without', async () => {
    const root = await withXml('<r xmlns:p="urn:p" p:ID="1" ID="2"/>', limits, (document) => document.root)
    expect(attributeOf(root, 'ID')).toBe('2')
    const only = await withXml('<r xmlns:p="urn:p" p:ID="1"/>', limits, (document) => document.root)
    expect(attributeOf(only, 'ID')).toBeUndefined()
  })

  test('is refused beyond the limits', async () => {
    const over = '<r/>'.padEnd(10_001)
    await expect(withXml(over, limits, () => 0)).rejects.toThrow('too long')
    await expect(withXml(`<r>${'<a/>'.repeat(100)}</r>`, limits, () => 0)).rejects.toThrow('too many elements')
    expect(await withXml(`<r>${'<a/>'.repeat(99)}</r>`, limits, () => 0)).toBe(0)
  })

  test('leaks no memory', async () => {
    const { diag } = await import('libxml2-wasm')
    diag.configure({ enabled: true })
    try {
      await withXml('<r/>', limits, () => 0)
      await expect(withXml(`<r>${'<a/>'.repeat(100)}</r>`, limits, () => 0)).rejects.toThrow()
      await expect(withXml('<r>', limits, () => 0)).rejects.toThrow()
      expect(diag.report()).toEqual({})
    } finally {
      diag.configure({ enabled: false })
    }
  })
})
