/** What a text is labelled, and the button that gives it, or all of a group, another label. Long names fit a phone. */
'use client'

import { useTranslations } from 'next-intl'
import { Button, type ButtonProps } from '@/app/_ui/button'
import { Chip } from '@/app/_ui/chip'
import { useIntentName } from '@/app/(desk)/[account]/inbox/_data/people'

export function ItIs({ intent, ...rest }: { intent: string } & Pick<ButtonProps, 'look' | 'onClick'>) {
  const t = useTranslations('models.health')
  const nameOf = useIntentName()
  return (
    <Button size="small" className="h-auto min-h-7 max-w-full text-start wrap-anywhere whitespace-normal" {...rest}>
      {t('itIs', { name: nameOf(intent) })}
    </Button>
  )
}

export function IntentChip({ intent }: { intent: string }) {
  const nameOf = useIntentName()
  return (
    <Chip tone="outline">
      <span className="truncate">{nameOf(intent)}</span>
    </Chip>
  )
}
