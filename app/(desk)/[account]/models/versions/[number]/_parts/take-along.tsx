/** A version to take along: its card, or everything that is needed to run it elsewhere. */
'use client'

import Download from 'lucide-react/icons/download'
import { useTranslations } from 'next-intl'
import { useAccount } from '@/app/_ui/account'
import { Button } from '@/app/_ui/button'
import { Menu } from '@/app/_ui/menu'

const files = ['card.md', 'bundle.zip'] as const

export function TakeAlong({ versionId }: { versionId: string }) {
  const t = useTranslations('models.report.take')
  const account = useAccount()
  const base = `/api/v1/${encodeURIComponent(account)}/learning/versions/${versionId}`
  return (
    <Menu
      label={t('label')}
      align="end"
      trigger={
        <Button size="small" look="ghost">
          <Download aria-hidden />
          {t('label')}
        </Button>
      }
      items={files.map((file) => ({
        label: t(file === 'card.md' ? 'card' : 'bundle'),
        // A file, not a page: the browser itself fetches it.
        onSelect: () => location.assign(`${base}/${file}`),
      }))}
    />
  )
}
