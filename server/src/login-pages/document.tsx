// The document of a login page: its head, the bars and logos of a style, and the chooser of its language.
import type { Child } from 'hono/jsx'
import type { Frame } from './frame.tsx'
import { languages } from './languages.ts'
import type { Graphic, Look, Picture } from './looks/look.ts'
import { loginStyles } from './style.ts'

interface DocumentProps {
  frame: Frame
  look: Look
  title: string
  body: Child
  graphic: Graphic | undefined
  script: string | undefined
  /** Rules beside those of every page. */
  styles: string
}

export function Document({ frame, look, title, body, graphic, script, styles }: DocumentProps) {
  const { nonce, language } = frame
  const { logo, header, footer, scheme } = look
  const outside = logo?.inside === false ? logo : undefined
  const inside = logo?.inside === true && !look.banner ? logo : undefined
  return (
    <html lang={language.code} dir={language.direction}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content={scheme} />
        <meta name="robots" content="noindex" />
        <title>{title}</title>
        {look.icons.map(({ href, type }) => (
          <link rel="icon" href={href} type={type} />
        ))}
        <style nonce={nonce} dangerouslySetInnerHTML={{ __html: loginStyles[scheme] + styles + look.css }} />
      </head>
      <body>
        {header && <header class="bar top">{header.logo && <Image of={header.logo} />}</header>}
        <main>
          <div class="column">
            {outside?.above && <Logo of={outside.picture} side="before" />}
            <div class="card background-customizable">
              {look.banner && (
                <div class="banner banner-customizable">
                  {logo && <Image of={logo.picture} class="logo-customizable" />}
                </div>
              )}
              {inside?.above && <Logo of={inside.picture} side="before" />}
              {graphic && look.graphics[graphic] ? <Image of={look.graphics[graphic]} class="graphic" /> : null}
              {body}
              {inside && !inside.above && <Logo of={inside.picture} side="after" />}
            </div>
            {outside && !outside.above && <Logo of={outside.picture} side="after" />}
            <LanguageChooser frame={frame} />
          </div>
        </main>
        {footer && <footer class="bar bottom">{footer.logo && <Image of={footer.logo} />}</footer>}
        {script === undefined ? null : <script nonce={nonce} dangerouslySetInnerHTML={{ __html: script }} />}
      </body>
    </html>
  )
}

const Logo = ({ of, side }: { of: Picture; side: 'before' | 'after' }) => (
  <div class={`logo ${side}`}>
    <Image of={of} />
  </div>
)

/** A picture says nothing that the words beside it do not. */
export const Image = ({ of: { light, dark }, class: name }: { of: Picture; class?: string }) => (
  <picture>
    {dark === light ? null : <source media="(prefers-color-scheme: dark)" srcset={dark} />}
    <img src={light} alt="" class={name} />
  </picture>
)

/**
 * The page anew in another language. Not on pages that come of a form: their address alone does not bring them back. Its
 * buttons have no `type`, so that scripts which press `button[type="submit"]` find the page's own.
 */
function LanguageChooser({ frame: { request, language } }: { frame: Frame }) {
  if (request.method !== 'GET') return null
  const kept = [...new URLSearchParams(request.query.toString())].filter(([name]) => name !== 'lang')
  return (
    <details class="languages">
      <summary>
        <svg
          width="16"
          height="16"
          viewBox="0 0 24 24"
          fill="none"
          stroke="currentColor"
          stroke-width="1.8"
          aria-hidden="true"
        >
          <circle cx="12" cy="12" r="9" />
          <path d="M3 12h18M12 3c5 5.5 5 12.5 0 18M12 3c-5 5.5-5 12.5 0 18" />
        </svg>
        {language.words.languageName}
      </summary>
      <form method="get" action={`${request.path}${request.endpoint}`} aria-label={language.words.locale}>
        {kept.map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        {Object.entries(languages).map(([code, { languageName }]) => (
          // biome-ignore lint/a11y/useButtonType: see above
          <button name="lang" value={code} lang={code} aria-current={code === language.code ? 'true' : undefined}>
            {languageName}
          </button>
        ))}
      </form>
    </details>
  )
}
