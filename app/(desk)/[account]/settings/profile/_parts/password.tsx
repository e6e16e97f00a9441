/** Changing the password, or setting a first one. */
'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { ApiError, api } from '@/app/_ui/api'
import { Button } from '@/app/_ui/button'
import { useErrorWords } from '@/app/_ui/error-words'
import { Field } from '@/app/_ui/field'
import { toast, toastError } from '@/app/_ui/toast'
import { shortestPassword } from '@/app/(site)/sign-in/_parts/limits'
import { PasswordInput } from '@/app/(site)/sign-in/_parts/password-input'
import { meKey } from './data'

export function Password({ hasPassword, email }: { hasPassword: boolean; email: string }) {
  const t = useTranslations('profile.password')
  const client = useQueryClient()
  const wordsOf = useErrorWords()
  const [current, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const change = useMutation({
    mutationFn: () => api.post('me/password', { current, password }),
    onSuccess: () => {
      setCurrent('')
      setPassword('')
      toast(t('done'))
      void client.invalidateQueries({ queryKey: meKey })
      void client.invalidateQueries({ queryKey: ['sessions'] })
    },
    onError: (error) => {
      const code = error instanceof ApiError ? error.code : ''
      if (code !== 'password_weak' && code !== 'password_wrong') toastError(error)
    },
  })
  const failed = (code: string): string | undefined => {
    if (!(change.error instanceof ApiError) || change.error.code !== code) return undefined
    const { title, detail } = wordsOf(change.error)
    return `${title}. ${detail}`
  }
  return (
    <form
      noValidate
      aria-labelledby="password"
      className="panel flex flex-col gap-4 p-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (!change.isPending) change.mutate()
      }}
    >
      <div>
        <h2 id="password" className="text-lg">
          {t('title')}
        </h2>
        {hasPassword ? null : <p className="text-ink-2">{t('none')}</p>}
      </div>
      <input type="hidden" autoComplete="username" value={email} readOnly />
      <div className="grid gap-4 sm:grid-cols-2">
        {hasPassword ? (
          <Field label={t('current')} error={failed('password_wrong')}>
            <PasswordInput
              autoComplete="current-password"
              value={current}
              onChange={(event) => setCurrent(event.target.value)}
              required
            />
          </Field>
        ) : null}
        <Field label={t('new')} hint={t('hint', { least: shortestPassword })} error={failed('password_weak')}>
          <PasswordInput
            autoComplete="new-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            required
          />
        </Field>
      </div>
      <Button type="submit" busy={change.isPending} className="self-start">
        {t(hasPassword ? 'action' : 'first')}
      </Button>
    </form>
  )
}
