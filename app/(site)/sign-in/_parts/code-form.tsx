/** The second step of a sign-in: the code of the app, or a recovery code. */
'use client'

import { useTranslations } from 'next-intl'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { ApiError } from '@/app/_ui/api'
import { Button } from '@/app/_ui/button'
import { Field } from '@/app/_ui/field'
import { CodeInput } from './code-input'
import { enter, goOn, withNext } from './enter'
import { Failure } from './failure'
import { useSubmit } from './use-submit'

export function CodeForm({ next }: { next: string | null }) {
  const t = useTranslations('identity.code')
  const [kind, setKind] = useState<'app' | 'recovery'>('app')
  const { busy, failure, about, onSubmit } = useSubmit(['code'])
  const input = useRef<HTMLInputElement>(null)
  const wrong = about('code')
  // What did not work is typed over.
  useEffect(() => {
    if (wrong && !busy) input.current?.select()
  }, [wrong, busy])
  const pass = async ({ code = '' }: Record<string, string>) => {
    try {
      await enter('code', { code })
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'code_late') throw error
      return window.location.assign(withNext('/sign-in?error=code_late', next))
    }
    await goOn(next)
  }
  /** Six digits are a whole code: nobody has to press anything. */
  const sendWhole = ({ currentTarget }: FormEvent<HTMLInputElement>) => {
    if (kind === 'app' && /^\d{6}$/.test(currentTarget.value.normalize('NFKC').replace(/\s/g, '')))
      currentTarget.form?.requestSubmit()
  }
  return (
    <form noValidate className="flex flex-col gap-4" onSubmit={onSubmit(pass)}>
      <Failure failure={failure} />
      <Field key={kind} label={t(kind)} hint={t(`${kind}Hint`)} error={wrong}>
        <CodeInput ref={input} kind={kind} className="h-10 text-lg" onInput={sendWhole} autoFocus />
      </Field>
      <Button type="submit" look="primary" size="large" busy={busy}>
        {t('action')}
      </Button>
      <Button look="ghost" className="self-center" onClick={() => setKind(kind === 'app' ? 'recovery' : 'app')}>
        {t(kind === 'app' ? 'useRecovery' : 'useApp')}
      </Button>
      <p className="text-center text-pretty text-ink-3">{t('lost')}</p>
    </form>
  )
}
