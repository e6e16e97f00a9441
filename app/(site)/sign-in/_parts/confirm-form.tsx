/** Confirms the address of the person who is signed in. */
'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { api } from '@/app/_ui/api'
import { Button, ButtonLink } from '@/app/_ui/button'
import { goOn } from './enter'
import { Failure } from './failure'
import { useSubmit } from './use-submit'

export function ConfirmForm({ token, signedIn }: { token: string; signedIn: boolean }) {
  const t = useTranslations('identity')
  const { busy, failure, run } = useSubmit()
  const [done, setDone] = useState(false)
  if (!signedIn) {
    return (
      <ButtonLink look="primary" size="large" href={`/sign-in?next=${encodeURIComponent(`/sign-in/confirm/${token}`)}`}>
        {t('signIn.action')}
      </ButtonLink>
    )
  }
  const confirm = () =>
    run(async () => {
      await api.post('me/confirm', { token })
      setDone(true)
    })
  return (
    <div className="flex flex-col gap-4">
      <Failure failure={failure} />
      <p role="status">{done ? t('confirm.done') : null}</p>
      {done || failure ? (
        <Button look="primary" size="large" onClick={() => run(() => goOn(null))}>
          {t('confirm.open')}
        </Button>
      ) : (
        <Button look="primary" size="large" busy={busy} onClick={confirm}>
          {t('confirm.action')}
        </Button>
      )}
    </div>
  )
}
