/** One version of the model: how good it is, where it errs, and the texts behind the figures. */
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { VersionPage } from './_parts/version-page'

type Props = { params: Promise<{ number: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const t = await getTranslations('models')
  const { number } = await params
  return { title: t('version', { number: Number.parseInt(number, 10) || 0 }) }
}

export default async function Page({ params }: Props) {
  return <VersionPage number={Number.parseInt((await params).number, 10)} />
}
