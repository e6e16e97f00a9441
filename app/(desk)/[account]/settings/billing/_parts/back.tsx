/** Back from Checkout or the portal: the server looks there once, so that what was done holds at once; meanwhile the page says so. */
'use client'

import { useTranslations } from 'next-intl'
import { useEffect, useRef, useState } from 'react'
import { ApiError } from '@/app/_ui/api'
import { Spinner } from '@/app/_ui/spinner'
import { toastError } from '@/app/_ui/toast'

export type Looks = 'asking' | 'open' | null

/** @param plan as the page shows it, undefined before it is read: when it changes, nothing is open any more */
export function useReturn(refresh: () => Promise<unknown>, plan: unknown): Looks {
  const [looks, setLooks] = useState<Looks>(null)
  const done = useRef(false)
  useEffect(() => {
    const url = new URL(window.location.href)
    if (done.current || !url.searchParams.has('from')) return
    done.current = true
    url.searchParams.delete('from')
    window.history.replaceState(null, '', url)
    setLooks('asking')
    refresh().then(
      () => setLooks(null),
      (error) => {
        const open = error instanceof ApiError && error.code === 'billing_unknown'
        if (!open) toastError(error)
        setLooks(open ? 'open' : null)
      },
    )
  }, [refresh])
  const last = useRef(plan)
  useEffect(() => {
    if (last.current !== undefined && last.current !== plan) setLooks((now) => (now === 'open' ? null : now))
    last.current = plan
  }, [plan])
  return looks
}

export function BackNote({ looks }: { looks: Looks }) {
  const t = useTranslations('billing.back')
  return (
    <div role="status" className="empty:hidden">
      {looks ? (
        <p className="panel flex items-center gap-3 px-4 py-3 text-pretty">
          <Spinner className="flex-none text-accent-ink" />
          {t(looks)}
        </p>
      ) : null}
    </div>
  )
}
