/** The form for a new person and their first account. */
'use client'

import { useTranslations } from 'next-intl'
import { api } from '@/app/_ui/api'
import { Button } from '@/app/_ui/button'
import { Field } from '@/app/_ui/field'
import { Input } from '@/app/_ui/input'
import { enter } from './enter'
import { Failure } from './failure'
import { shortestPassword } from './limits'
import { PasswordInput } from './password-input'
import { useSubmit } from './use-submit'

export function SignUpForm({ next }: { next: string | null }) {
  const t = useTranslations('identity')
  const { busy, failure, about, onSubmit } = useSubmit(['name', 'email', 'password', 'accountName'])
  const signUp = async (values: Record<string, string>) => {
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
    const { slug } = await api.post<{ slug: string }>('sign-up', { ...values, timeZone })
    await enter('password', { email: values.email ?? '', password: values.password ?? '' })
    window.location.assign(next ?? `/${slug}/inbox`)
  }
  return (
    <form noValidate className="flex flex-col gap-4" onSubmit={onSubmit(signUp)}>
      <Failure failure={failure} />
      <Field label={t('field.name')} error={about('name')}>
        <Input className="h-10 text-base" name="name" autoComplete="name" maxLength={100} autoFocus required />
      </Field>
      <Field label={t('field.email')} error={about('email')}>
        <Input
          className="h-10 text-base"
          name="email"
          type="email"
          autoComplete="username"
          inputMode="email"
          required
        />
      </Field>
      <Field
        label={t('field.password')}
        hint={t('field.passwordHint', { least: shortestPassword })}
        error={about('password')}
      >
        <PasswordInput tall name="password" autoComplete="new-password" required />
      </Field>
      <Field label={t('field.business')} hint={t('field.businessHint')} error={about('accountName')}>
        <Input className="h-10 text-base" name="accountName" autoComplete="organization" maxLength={100} required />
      </Field>
      <Button type="submit" look="primary" size="large" busy={busy} className="mt-1">
        {t('signUp.action')}
      </Button>
    </form>
  )
}
