/** Beside a refusal that a larger plan (or a payment) would lift: the way there. */
'use client'

import Link from 'next/link'
import { useParams } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { ApiError } from './api'

/** Nothing for any other failure, and nothing outside an account. */
export function UpgradeLink({ error }: { error: unknown }) {
  const t = useTranslations('common')
  const { account } = useParams<{ account?: string }>()
  if (!account || !(error instanceof ApiError) || error.status !== 402) return null
  return (
    <Link href={`/${account}/settings/billing`} className="font-medium whitespace-nowrap underline">
      {t('seePlans')}
    </Link>
  )
}
