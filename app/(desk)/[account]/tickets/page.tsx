/** The ticket table: a static frame; rows come from the API. */
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Suspense } from 'react'
import { Words } from '@/app/_ui/words'
import { TicketsPage } from './tickets-page'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('tickets')
  return { title: t('title') }
}

export default function Page() {
  return (
    <Words names={['tickets', 'intents']}>
      {/* The filter stands in the address, which is only known in the browser. */}
      <Suspense>
        <TicketsPage />
      </Suspense>
    </Words>
  )
}
