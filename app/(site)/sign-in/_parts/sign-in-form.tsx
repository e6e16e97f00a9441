/** The sign-in form, and what it shows once a link has been asked for. */
'use client'

import Mail from 'lucide-react/icons/mail'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useRef, useState } from 'react'
import { api } from '@/app/_ui/api'
import { Button } from '@/app/_ui/button'
import { useErrorWords } from '@/app/_ui/error-words'
import { Field } from '@/app/_ui/field'
import { Input } from '@/app/_ui/input'
import { enter, enterWith, failureOf, goOn } from './enter'
import { Failure } from './failure'
import { LinkSent } from './link-sent'
import { PasswordInput } from './password-input'
import { useSubmit } from './use-submit'

interface Props {
  next: string | null
  email: string
  /** Code that a provider's way back left in the address. */
  error: string | null
  providers: { id: string; name: string }[]
  /** True when mails wait in the operator's outbox. */
  held: boolean
}

export function SignInForm({ next, email, error, providers, held }: Props) {
  const t = useTranslations('identity')
  const form = useRef<HTMLFormElement>(null)
  const { busy, failure, about, run, onSubmit, miss } = useSubmit(['email', 'password'])
  const [asked, setAsked] = useState<string | null>(null)
  const came = useCameBack(error)
  if (asked) return <LinkSent email={asked} held={held} back={() => setAsked(null)} />

  const askForLink = () => {
    const input = form.current?.elements.namedItem('email') as HTMLInputElement
    const given = input.value.trim()
    if (!given) {
      miss('email', t('signIn.linkNeedsEmail'))
      input.focus()
      return
    }
    void run(async () => {
      await api.post('links', { email: given, purpose: 'sign_in' })
      setAsked(given)
    })
  }

  return (
    <form
      ref={form}
      noValidate
      className="flex flex-col gap-4"
      onSubmit={onSubmit(async ({ email = '', password = '' }) => {
        await enter('password', { email, password }, next)
        await goOn(next)
      })}
    >
      <Failure failure={failure ?? (busy ? null : came)} />
      <Field label={t('field.email')} error={about('email')}>
        <Input
          className="h-10 text-base"
          name="email"
          type="email"
          autoComplete="username"
          inputMode="email"
          defaultValue={email}
          autoFocus={!email}
          required
        />
      </Field>
      <div className="relative">
        <Field label={t('field.password')} error={about('password')}>
          <PasswordInput tall name="password" autoComplete="current-password" autoFocus={email !== ''} required />
        </Field>
        <Link
          href="/reset"
          className="absolute end-0 top-0 rounded-sm text-ink-2 underline-offset-4 hover:text-ink hover:underline"
        >
          {t('signIn.forgot')}
        </Link>
      </div>
      <Button type="submit" look="primary" size="large" busy={busy} className="mt-1">
        {t('signIn.action')}
      </Button>
      <Or />
      <div className="flex flex-col gap-2">
        <Button size="large" onClick={askForLink}>
          <Mail aria-hidden />
          {t('signIn.link')}
        </Button>
        {providers.map((provider) => (
          <Button key={provider.id} size="large" onClick={() => run(() => enterWith(provider.id, next))}>
            {t('with', { name: provider.name })}
          </Button>
        ))}
      </div>
    </form>
  )
}

/** Words for what a provider's way back brought along. */
function useCameBack(error: string | null): { title: string; detail: string } | null {
  const t = useTranslations('identity.signIn')
  const wordsOf = useErrorWords()
  if (!error) return null
  // next-auth's own codes are in capitals; ours are not.
  if (/^[A-Z]/.test(error)) return { title: t('action'), detail: t('providerFailed') }
  return wordsOf(failureOf(error))
}

export function Or() {
  const t = useTranslations('identity')
  return (
    <div
      aria-hidden
      className="flex items-center gap-3 text-xs text-ink-3 before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line"
    >
      {t('or')}
    </div>
  )
}
