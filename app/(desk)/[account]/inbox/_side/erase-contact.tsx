/** The way to erase a contact, for those who may; what it asks comes with the first press. */
'use client'

import { useTranslations } from 'next-intl'
import { lazy, Suspense, useState } from 'react'
import { Button } from '@/app/_ui/button'
import { useMembership } from '@/app/(desk)/_shell/session'
import { canManageAccount } from '@/lib/features/accounts/permissions'

const EraseDialog = lazy(() => import('./erase-dialog').then((module) => ({ default: module.EraseDialog })))

export function EraseContact({ contactId, name }: { contactId: string; name: string }) {
  const t = useTranslations('inbox.erase')
  const membership = useMembership()
  const [asked, setAsked] = useState(false)
  const [open, setOpen] = useState(false)
  if (!membership || !canManageAccount(membership)) return null
  const ask = () => {
    setAsked(true)
    setOpen(true)
  }
  return (
    <>
      <Button size="small" look="ghost" className="-ms-2 mt-1 text-bad-ink" onClick={ask}>
        {t('action')}
      </Button>
      {asked ? (
        <Suspense>
          <EraseDialog contactId={contactId} name={name} open={open} onOpenChange={setOpen} />
        </Suspense>
      ) : null}
    </>
  )
}
