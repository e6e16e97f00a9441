/** The operator's outbox: the mails of this installation. */
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Words } from '@/app/_ui/words'
import { OperatorFrame } from '../_parts/frame'
import { Outbox } from './_parts/outbox'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('outbox')
  return { title: t('title'), robots: 'noindex' }
}

export default async function OutboxPage() {
  const t = await getTranslations('outbox')
  return (
    <OperatorFrame path="/operator/outbox" title={t('title')} lead={t('lead')}>
      <Words names={['outbox']}>
        <div>
          <Outbox />
        </div>
      </Words>
    </OperatorFrame>
  )
}
