// Fields that several pages have: the name of a user, an attribute, a new password with the rules for it.
import { passwordPolicyOf } from '../cognito-idp/users/password-rules.ts'
import { type AttributeKind, attributeField, attributeKind } from './attribute-field-rules.ts'
import { Field, type Frame } from './frame.tsx'
import type { Words } from './languages/en.ts'
import { filled } from './languages.ts'
import { nameForm } from './name-rules.ts'

export function NameField({ frame, value }: { frame: Frame; value: string | undefined }) {
  const { words } = frame.language
  const { label, inputmode, hint } = nameForm(frame.request.pool.settings)
  return (
    <Field
      name="username"
      label={words[label]}
      autocomplete="username"
      value={value}
      autofocus={!value}
      {...(inputmode && { inputmode })}
      {...(hint && { hint: words[hint] })}
    />
  )
}

interface AttributeFieldProps {
  frame: Frame
  name: string
  value: string | undefined
  required?: boolean
  /** Its label does not say that it may stay empty. */
  plain?: boolean
}

export function AttributeField({ frame, name, value, required = true, plain = false }: AttributeFieldProps) {
  const { words } = frame.language
  const { label, hint, ...attributes }: Partial<AttributeKind> = attributeKind(name) ?? {}
  const shown = label === undefined ? name : words[label]
  return (
    <Field
      autocomplete="off"
      {...attributes}
      id={`attribute-${name}`}
      name={attributeField(name)}
      label={required || plain ? shown : filled(words.optional, { name: shown })}
      value={value}
      required={required}
      {...(hint && { hint: words[hint] })}
    />
  )
}

const RULES = 'password-rules'

interface NewPasswordProps {
  frame: Frame
  name: string
  label: string
  autofocus?: boolean
}

/** The field of a new password, above the pool's rules for one. */
export function NewPasswordField({ frame, name, label, autofocus = false }: NewPasswordProps) {
  return (
    <>
      <Field
        name={name}
        label={label}
        type="password"
        autocomplete="new-password"
        describedBy={RULES}
        autofocus={autofocus}
      />
      <div class="hint rules" id={RULES}>
        {frame.language.words.passwordRules}
        <ul>
          {passwordRules(frame).map((rule) => (
            <li>{rule}</li>
          ))}
        </ul>
      </div>
    </>
  )
}

function passwordRules({ language: { words }, request: { pool } }: Frame): string[] {
  const policy = passwordPolicyOf(pool.settings)
  const characters: readonly (readonly [boolean | undefined, keyof Words])[] = [
    [policy.RequireUppercase, 'ruleUppercase'],
    [policy.RequireLowercase, 'ruleLowercase'],
    [policy.RequireNumbers, 'ruleNumber'],
    [policy.RequireSymbols, 'ruleSymbol'],
  ]
  const count = String(policy.MinimumLength ?? 8)
  return [
    filled(words.ruleLength, { count }),
    ...characters.filter(([required]) => required).map(([, rule]) => words[rule]),
  ]
}
