/** An address of the inbox; what it shows is drawn by the frame around it. */
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('inbox')
  return { title: t('title') }
}

export default function InboxPage() {
  return null
}
