/** Settings: the audit log. */
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Words } from '@/app/_ui/words'
import { AuditPage } from './_parts/audit'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('audit')
  return { title: t('title') }
}

export default function Page() {
  return (
    <Words names={['settings', 'audit', 'billing']}>
      <AuditPage />
    </Words>
  )
}
