/** What speaks against a version in the comparison with the model in charge, and what that comparison cannot hold it to. */
'use client'

import { useTranslations } from 'next-intl'
import { useIntentName } from '@/app/(desk)/[account]/inbox/_data/people'
import type { GateFault } from '@/lib/features/learning/gate'
import { usePercent } from './percent'

export function FaultList({ faults }: { faults: readonly GateFault[] }) {
  const t = useTranslations('models.gate')
  const nameOf = useIntentName()
  const percent = usePercent()
  return (
    <ul className="mt-1 list-disc ps-5">
      {faults.map((fault) => {
        if (fault.because === 'case')
          return <li key={fault.id}>{t('case', { intent: nameOf(fault.intent), guess: nameOf(fault.guess) })}</li>
        if (fault.because === 'small_intent') {
          const { intent, lost, of } = fault
          return <li key={`${intent} lost`}>{t('small_intent', { intent: nameOf(intent), lost, of })}</li>
        }
        const facts = { before: percent(fault.before), after: percent(fault.after) }
        if (fault.because === 'small_recall')
          return <li key="small_recall">{t('small_recall', { ...facts, intents: fault.intents })}</li>
        return fault.because === 'macro_f1' ? (
          <li key="macro_f1">{t('macro_f1', facts)}</li>
        ) : (
          <li key={fault.intent}>{t('recall', { ...facts, intent: nameOf(fault.intent) })}</li>
        )
      })}
    </ul>
  )
}
