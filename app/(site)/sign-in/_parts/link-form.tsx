/** The one button of a mailed sign-in link. */
'use client'

import { useTranslations } from 'next-intl'
import { Button, ButtonLink } from '@/app/_ui/button'
import { enter, goOn } from './enter'
import { Failure } from './failure'
import { useSubmit } from './use-submit'

export function LinkForm({ token }: { token: string }) {
  const t = useTranslations('identity.link')
  const { busy, failure, run } = useSubmit()
  const signIn = () =>
    run(async () => {
      await enter('link', { token })
      await goOn(null)
    })
  return (
    <div className="flex flex-col gap-4">
      <Failure failure={failure} />
      {failure ? (
        <ButtonLink href="/sign-in" size="large">
          {t('again')}
        </ButtonLink>
      ) : (
        <Button look="primary" size="large" busy={busy} onClick={signIn} autoFocus>
          {t('action')}
        </Button>
      )}
    </div>
  )
}
