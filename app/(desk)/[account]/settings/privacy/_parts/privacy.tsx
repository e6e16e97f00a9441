/** The privacy page: how long conversations are kept, and whom models learn from. */
'use client'

import Download from 'lucide-react/icons/download'
import { useTranslations } from 'next-intl'
import { useAccount } from '@/app/_ui/account'
import { Field } from '@/app/_ui/field'
import { Select } from '@/app/_ui/input'
import { ErrorState, SkeletonRows } from '@/app/_ui/states'
import { toastError, toastUndo } from '@/app/_ui/toast'
import { canManageAccount } from '@/lib/features/accounts/permissions'
import { keptMonths, learnFrom } from '@/lib/features/privacy/choices'
import type { PrivacyChange } from '@/lib/features/privacy/input'
import type { Privacy } from '@/lib/flows/choose-privacy'
import { PageFrame, Section, useMay } from '../../_parts/page-frame'
import { useSettings } from '../../_parts/use-settings'

export function PrivacyPage() {
  const t = useTranslations('settings.privacy')
  const may = useMay(canManageAccount)
  const { query, api, again, show } = useSettings<Privacy>('privacy')
  const change = async (to: PrivacyChange, back: PrivacyChange, said: string) => {
    show((old) => ({ ...old, ...to }) as Privacy)
    try {
      const privacy = await api.patch<Privacy>('privacy', to)
      show(() => privacy)
      toastUndo(said, () => api.patch('privacy', back).then(again))
    } catch (error) {
      toastError(error)
      await again()
    }
  }
  return (
    <PageFrame title={t('title')} lead={t('lead')} may={may}>
      {query.data ? (
        <>
          <Keep privacy={query.data} change={change} />
          <Learn privacy={query.data} change={change} />
          <Take />
        </>
      ) : query.error ? (
        <ErrorState error={query.error} retry={() => query.refetch()} />
      ) : (
        <SkeletonRows rows={4} />
      )}
    </PageFrame>
  )
}

interface PartProps {
  privacy: Privacy
  change: (to: PrivacyChange, back: PrivacyChange, said: string) => Promise<void>
}

function Keep({ privacy: { keepMonths, due }, change }: PartProps) {
  const t = useTranslations('settings.privacy.keep')
  return (
    <Section title={t('title')} lead={t('lead')}>
      <Field
        label={t('label')}
        hint={keepMonths ? t('due', { count: due[keepMonths] ?? 0 }) : undefined}
        className="max-w-xs"
      >
        <Select
          value={keepMonths ?? ''}
          onChange={({ target }) =>
            void change({ keepMonths: target.value ? Number(target.value) : null }, { keepMonths }, t('changed'))
          }
        >
          <option value="">{t('never')}</option>
          {keptMonths.map((months) => (
            <option key={months} value={months}>
              {t('months', { months })}
            </option>
          ))}
        </Select>
      </Field>
    </Section>
  )
}

function Learn({ privacy, change }: PartProps) {
  const t = useTranslations('settings.privacy.learn')
  return (
    <Section title={t('title')} lead={t('lead')}>
      <Field label={t('label')} hint={t('hint')} className="max-w-xs">
        <Select
          value={privacy.learnFrom}
          onChange={({ target }) =>
            void change(
              { learnFrom: target.value as Privacy['learnFrom'] },
              { learnFrom: privacy.learnFrom },
              t('changed'),
            )
          }
        >
          {learnFrom.map((from) => (
            <option key={from} value={from}>
              {t(from)}
            </option>
          ))}
        </Select>
      </Field>
    </Section>
  )
}

function Take() {
  const t = useTranslations('settings.privacy.take')
  const account = useAccount()
  return (
    <Section title={t('title')} lead={t('lead')}>
      <div>
        {/* The server answers with a file, as it comes and of any size; no page of ours is at this address. */}
        <a href={`/api/v1/${encodeURIComponent(account)}/export.jsonl`} download className="btn btn-plain">
          <Download aria-hidden className="size-4" />
          {t('action')}
        </a>
      </div>
    </Section>
  )
}
